import type { Static } from 'typebox';
import type { VisibleDeployment } from '../../../access/deployment-rights.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { PlaceKind } from '../../../directory/deployments.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import * as schema from '../schema.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { parsePlaceChange } from './place-change.ts';
import { Visible, type VisibleArray, type VisibleDevice } from './visible.ts';

/** A place the caller sees: where it is stored, what may be done with it, and how it looks on the wire. */
interface Place {
  readonly organization: OrganizationId;
  readonly key: string;
  readonly right: VisibleDeployment['right'];
  readonly wire: object;
}

interface PlaceType {
  readonly kind: PlaceKind;
  readonly answer: schema.ObjectSchema;
  readonly all: (visible: Visible) => readonly Place[];
  readonly one: (visible: Visible, key: string) => Place | undefined;
}

const TYPES: readonly PlaceType[] = [
  {
    kind: 'deployment',
    answer: schema.Deployment,
    all: (visible) => visible.deployments.map(deploymentPlace),
    one: (visible, key) => placed(visible.deployment(key), deploymentPlace),
  },
  {
    kind: 'array',
    answer: schema.SensorArray,
    all: (visible) => visible.arrays.map(arrayPlace),
    one: (visible, key) => placed(visible.array(key), arrayPlace),
  },
  {
    kind: 'device',
    answer: schema.Device,
    all: (visible) => visible.devices.map(devicePlace),
    one: (visible, key) => placed(visible.device(key), devicePlace),
  },
];

/** Lists of deployments, arrays and devices, single ones, and their changes (contract 6.2 and 6.3). */
export function places(directory: Directory): readonly Endpoint[] {
  return TYPES.flatMap((type) => [listOf(type, directory), oneOf(type, directory)]);
}

function listOf({ kind, answer, all }: PlaceType, directory: Directory): Endpoint {
  return {
    path: `/${kind}/list`,
    read: {
      schema: {
        summary: `The ${kind}s you may view or edit, by name then key`,
        tags: ['Places'],
        ...schema.listOf(answer),
      },
      async run({ holder }) {
        const found = all(await Visible.to(holder, directory));
        return ok(found.map(({ wire }) => wire));
      },
    },
  };
}

function oneOf({ kind, answer, one }: PlaceType, directory: Directory): Endpoint {
  const find = async ({ holder, params }: Call): Promise<Result<Place>> => {
    const key = params['key'] ?? '';
    const place = one(await Visible.to(holder, directory), key);
    return place === undefined ? fail({ kind: 'not_found', what: kind, key }) : ok(place);
  };
  return {
    path: `/${kind}/:key`,
    read: {
      schema: { summary: `One ${kind}`, tags: ['Places'], ...schema.keyed(kind), ...schema.answerOf(answer) },
      async run(call) {
        const place = await find(call);
        return place.ok ? ok(place.value.wire) : place;
      },
    },
    change: {
      schema: {
        summary: `Change a ${kind}`,
        description: 'Needs the scope `write` and the right to edit. PUT does the same as PATCH.',
        tags: ['Places'],
        ...schema.keyed(kind),
        ...schema.changeOf(kind),
        ...schema.answerOf(answer),
      },
      async run(call) {
        const place = await find(call);
        if (!place.ok) return place;
        const { organization, key, right } = place.value;
        if (right !== 'edit') return fail({ kind: 'not_permitted', needs: 'the right to edit' });
        const body = call.change();
        if (!body.ok) return body;
        const change = parsePlaceChange(kind, body.value);
        if (!change.ok) return change;
        // Removed since: then the look-up below does not find it either.
        await directory.changePlace({ kind, organization, key, ...change.value });
        const changed = await find(call);
        return changed.ok ? ok(changed.value.wire) : changed;
      },
    },
  };
}

function placed<T>(found: T | undefined, render: (found: T) => Place): Place | undefined {
  return found === undefined ? undefined : render(found);
}

function deploymentPlace({ deployment, right }: VisibleDeployment): Place {
  const { organization, key, name, zone, arrays } = deployment;
  const wire: Static<typeof schema.Deployment> = {
    deploymentKey: key,
    name,
    timezone: zone,
    permission: right,
    arrays: arrays.map((array) => ({ arrayKey: array.key, name: array.name, devices: renderDevices(array) })),
  };
  return { organization, key, right, wire };
}

function arrayPlace({ deployment, right, array }: VisibleArray): Place {
  const { key, name } = array;
  const wire: Static<typeof schema.SensorArray> = {
    arrayKey: key,
    name,
    deploymentKey: deployment.key,
    devices: renderDevices(array),
  };
  return { organization: deployment.organization, key, right, wire };
}

function devicePlace({ deployment, right, array, device: { key, name } }: VisibleDevice): Place {
  const wire: Static<typeof schema.Device> = {
    deviceKey: key,
    name,
    arrayKey: array.key,
    deploymentKey: deployment.key,
  };
  return { organization: deployment.organization, key, right, wire };
}

function renderDevices({ devices }: VisibleArray['array']): { deviceKey: string; name: string }[] {
  return devices.map(({ key, name }) => ({ deviceKey: key, name }));
}
