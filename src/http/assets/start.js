// Shows whether the stores can be used, and keeps it current while the page is looked at.
const state = document.getElementById('state');

function show(text, good) {
  // A screen reader is told only what changed.
  if (state.textContent === text) return;
  state.textContent = text;
  state.className = good ? 'good' : 'bad';
}

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch('/readyz', { cache: 'no-store' });
    const { stores } = await response.json();
    const away = Object.keys(stores).filter((name) => stores[name] !== 'ok');
    if (away.length === 0) show('Ready: both stores answer.', true);
    else show(`Not ready: the store of ${away.join(' and of ')} does not answer.`, false);
  } catch {
    show('The server does not answer.', false);
  }
}

void look();
setInterval(() => void look(), 5_000);
document.addEventListener('visibilitychange', () => void look());

// Shows who is logged in, where people can log in at all.
const session = document.getElementById('session');

function button(text, press) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', () => void press());
  return made;
}

async function logOut() {
  await fetch('/logout', { method: 'POST' });
  location.reload();
}

async function showSession() {
  const response = await fetch('/api/v1/session', { cache: 'no-store' });
  if (!response.ok) return;
  const { user, organization } = await response.json();
  if (user === null) return;
  const where = organization === null ? '' : ` in ${organization.name}`;
  session.replaceChildren(`Logged in as ${user.email}${where}. `, button('Log out', logOut));
}

if (session !== null) showSession().catch(() => undefined);
