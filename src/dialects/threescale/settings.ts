import type { Settings } from '../../config/setting.ts';

export const settings = {} satisfies Settings;
