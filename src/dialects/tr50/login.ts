import { fail, ok, type Result } from '../../domain/result.ts';
import { isObject, type JsonObject } from './packet.ts';
import { loginError, type WireError } from './problems.ts';

export interface UserLogin {
  readonly kind: 'user';
  readonly username: string;
  readonly password: string;
}

export interface ApplicationLogin {
  readonly kind: 'application';
  readonly appId: string;
  readonly appToken: string;
  readonly thingKey: string;
}

const COMMAND = 'api.authenticate';

/** No name in the directory is longer, and none has U+0000, which one of the stores cannot hold. */
const MAX_NAME = 256;

/** The login in a packet's `auth` (contract 3.1). Whatever is wrong with its form is a rejected login, named. */
export function parseLogin(command: unknown, params: unknown): Result<UserLogin | ApplicationLogin, WireError> {
  if (command !== COMMAND) return fail(loginError(`the command under auth has to be ${COMMAND}`));
  if (!isObject(params)) return fail(loginError('params has to be an object'));
  return isGiven(params, 'appToken') && !isGiven(params, 'username') ? application(params) : user(params);
}

function user(params: JsonObject): Result<UserLogin, WireError> {
  const username = nameIn(params, 'username');
  if (!username.ok) return username;
  const password = textIn(params, 'password');
  if (!password.ok) return password;
  return ok({ kind: 'user', username: username.value, password: password.value });
}

function application(params: JsonObject): Result<ApplicationLogin, WireError> {
  const appId = nameIn(params, 'appId');
  if (!appId.ok) return appId;
  const appToken = textIn(params, 'appToken');
  if (!appToken.ok) return appToken;
  const thingKey = nameIn(params, 'thingKey');
  if (!thingKey.ok) return thingKey;
  return ok({ kind: 'application', appId: appId.value, appToken: appToken.value, thingKey: thingKey.value });
}

function isGiven(params: JsonObject, name: string): boolean {
  return Object.hasOwn(params, name) && params[name] !== null;
}

function textIn(params: JsonObject, name: string): Result<string, WireError> {
  const value = isGiven(params, name) ? params[name] : undefined;
  if (value === undefined) return fail(loginError(`params.${name} is missing`));
  if (typeof value !== 'string' || value === '') return fail(loginError(`params.${name} has to be a string`));
  return ok(value);
}

function nameIn(params: JsonObject, name: string): Result<string, WireError> {
  const text = textIn(params, name);
  if (text.ok && (text.value.length > MAX_NAME || text.value.includes('\u0000'))) {
    return fail(loginError(`params.${name} is no name`));
  }
  return text;
}
