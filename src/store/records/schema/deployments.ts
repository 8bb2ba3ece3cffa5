import type { EpochMs } from '../../../domain/time/instant.ts';

/** Places, what counts in them, and who may see them. Keys are unique within their organization. */
export interface DeploymentsTables {
  deployments: DeploymentsTable;
  deployment_permissions: DeploymentPermissionsTable;
  arrays: ArraysTable;
  devices: DevicesTable;
}

export interface DeploymentsTable {
  organization_id: number;
  key: string;
  name: string;
  timezone: string;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface DeploymentPermissionsTable {
  organization_id: number;
  deployment_key: string;
  user_id: number;
  /** Called `right` in the directory file. */
  permission: 'view' | 'edit';
}

export interface ArraysTable {
  organization_id: number;
  key: string;
  deployment_key: string;
  name: string;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface DevicesTable {
  organization_id: number;
  key: string;
  array_key: string;
  name: string;
  created_at: EpochMs;
  updated_at: EpochMs;
}
