/**
 * Makes an element. Attributes by name; a function is a listener (`onclick`), `true` an empty attribute, false and null
 * none. Children are elements or texts; text stays text, whatever is in it.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

let made = 0;

/** A new id, for labels and lists. */
export function newId() {
  made += 1;
  return `n${made}`;
}

/** A field with its label before it; `hint` is read out with it. */
export function labelled(label, control, hint = null) {
  control.id ||= newId();
  const note = hint === null ? null : h('span', { class: 'hint', id: `${control.id}-hint` }, hint);
  if (note !== null) control.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, note);
}
