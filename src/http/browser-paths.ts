/** Where browsers log in by the identity provider, which sends them back to `/callback` below. */
export const LOGIN_PATH = '/login';
export const LOGOUT_PATH = '/logout';
