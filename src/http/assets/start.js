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
