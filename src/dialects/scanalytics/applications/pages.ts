import type { OauthClient } from '../../../access/oauth/clients.ts';
import { formatRfc3339Utc } from '../../../domain/time/rfc3339.ts';
import { html, type Html } from './layout.ts';
import type { Visitor } from './visitor.ts';

export const HOME = '/o/applications/';
export const LOGIN = '/o/applications/login/';
export const LOGOUT = '/o/applications/logout/';
export const REGISTER = '/o/applications/register/';

const TYPES = { confidential: 'Confidential: keeps a secret on a server', public: 'Public: cannot keep a secret' };
const GRANTS = { password: 'Resource owner password', 'client-credentials': 'Client credentials' };

function pageOf(client: OauthClient): string {
  return `${HOME}${encodeURIComponent(client.id)}/`;
}

export function loginPage(next: string, problem: string | null): Html {
  return html`${alert(problem)}
    <form class="form" method="post" action="${LOGIN}">
      <input type="hidden" name="next" value="${next}" />
      <label>E-mail address <input name="username" type="text" autocomplete="username" required autofocus /></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
      <label
        >One-time code, if you use one <input name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
      /></label>
      <button type="submit">Log in</button>
    </form>`;
}

export function listPage(clients: readonly OauthClient[], visitor: Visitor): Html {
  const items = clients.map(
    (client) =>
      html`<li>
        <a href="${pageOf(client)}">${nameOf(client)}</a> <span class="aside">${client.type}, ${client.grant}</span>
      </li>`,
  );
  const none = html`<p>You have no applications yet.</p>`;
  return html`<p class="lead">Applications get tokens for the Scanalytics API.</p>
    ${
      items.length === 0
        ? none
        : html`<ul>
            ${items}
          </ul>`
    }
    <p><a href="${REGISTER}">Register an application</a></p>
    ${session(visitor)}`;
}

export interface Registration {
  readonly name: string;
  readonly type: string;
  readonly grant: string;
}

export function registerPage(given: Registration, visitor: Visitor, problem: string | null): Html {
  return html`${alert(problem)}
    <form class="form" method="post" action="${REGISTER}">
      ${csrf(visitor)}
      <label>Name <input name="name" type="text" maxlength="255" value="${given.name}" required autofocus /></label>
      <label
        >Client type
        <select name="client_type">
          ${options(TYPES, given.type)}
        </select></label
      >
      <label
        >Authorization grant type
        <select name="authorization_grant_type">
          ${options(GRANTS, given.grant)}
        </select></label
      >
      <button type="submit">Save</button>
      <a href="${HOME}">Cancel</a>
    </form>
    ${session(visitor)}`;
}

/** The only page that ever shows the secret. */
export function createdPage(client: OauthClient, secret: string | null, visitor: Visitor): Html {
  const shown =
    secret === null
      ? html`<p>A public client has no secret.</p>`
      : html`<dl>
            <dt>Client secret</dt>
            <dd><code id="client-secret">${secret}</code></dd>
          </dl>
          <p role="status"><strong>Copy the secret now: it is not shown again.</strong></p>`;
  return html`${details(client)} ${shown}
    <p><a href="${HOME}">All applications</a></p>
    ${session(visitor)}`;
}

export function clientPage(client: OauthClient, visitor: Visitor): Html {
  return html`${details(client)}
    <p><a href="${pageOf(client)}delete/">Delete</a> <a href="${HOME}">All applications</a></p>
    ${session(visitor)}`;
}

export function deletePage(client: OauthClient, visitor: Visitor): Html {
  return html`<p>Delete <strong>${nameOf(client)}</strong>? Its tokens stop working at once.</p>
    <form class="form" method="post" action="${pageOf(client)}delete/">
      ${csrf(visitor)}
      <button type="submit">Delete</button>
      <a href="${pageOf(client)}">Cancel</a>
    </form>`;
}

export function messagePage(text: string): Html {
  return html`<p>${text}</p>
    <p><a href="${HOME}">All applications</a></p>`;
}

export function nameOf({ name, id }: OauthClient): string {
  return name ?? id;
}

function details(client: OauthClient): Html {
  return html`<dl>
    <dt>Client id</dt>
    <dd><code id="client-id">${client.id}</code></dd>
    <dt>Client type</dt>
    <dd>${client.type}</dd>
    <dt>Authorization grant type</dt>
    <dd>${client.grant}</dd>
    <dt>Created</dt>
    <dd>${formatRfc3339Utc(client.createdAt, 'never')}</dd>
  </dl>`;
}

function session(visitor: Visitor): Html {
  return html`<form class="session" method="post" action="${LOGOUT}">
    ${csrf(visitor)} Logged in as ${visitor.user.email}. <button type="submit">Log out</button>
  </form>`;
}

function csrf({ session: { principal } }: Visitor): Html {
  return html`<input type="hidden" name="csrf" value="${principal.csrf}" />`;
}

function options(texts: Readonly<Record<string, string>>, chosen: string): readonly Html[] {
  return Object.entries(texts).map(([value, text]) =>
    value === chosen
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`,
  );
}

function alert(problem: string | null): Html {
  return problem === null ? html`` : html`<p class="bad" role="alert">${problem}</p>`;
}
