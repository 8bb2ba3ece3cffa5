/** What a session carried when it began. */
export type ValueKind = 'country' | 'city' | 'os' | 'os_version' | 'model' | 'resolution' | 'carrier' | 'app_version';
