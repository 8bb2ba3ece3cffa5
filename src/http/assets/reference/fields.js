import { h, labelled, newId } from './dom.js';
import { offerValues, zoneList } from './offered.js';

/**
 * The field for a value of a schema: `element`, and `value()`, which is a text, an object or a list; '' where nothing
 * was entered.
 *
 * @param offered reads the tenant's own values of a kind (`x-values-from`)
 */
export function fieldOf(name, schema, { required = false, description = '', offered }) {
  const note = noteOf(schema, description);
  const label = required ? `${name} (required)` : name;
  const kind = kindOf(schema);
  if (kind === 'map') return mapField(name, label, schema, note, offered);
  if (kind === 'object') return objectField(label, schema, note, offered);
  if (kind === 'list') return listField(name, label, schema, note, offered);
  return plainField(label, name, schema, { required, note, offered, several: kind === 'several' });
}

/** The fields for the members of an object, without a frame around them. */
export function membersOf({ properties = {}, required = [] }, offered) {
  return Object.entries(properties).map(([name, schema]) => [
    name,
    fieldOf(name, schema, { required: required.includes(name), description: schema.description ?? '', offered }),
  ]);
}

export function valuesOf(members) {
  return Object.fromEntries(members.map(([name, field]) => [name, field.value()]));
}

/** Of a value that may be several things the first that a field can be made for. */
function kindOf(schema) {
  if (schema.type === 'array') return isObject(schema.items) ? 'list' : 'several';
  if (Array.isArray(schema.anyOf) && schema.anyOf.some(({ type }) => type === 'array')) return 'several';
  if (!isObject(schema)) return 'plain';
  return mapPart(schema) === null ? 'object' : 'map';
}

function isObject(schema) {
  return schema?.type === 'object' || schema?.properties !== undefined;
}

/** The schema of a map's values; null of an object with members that are known. */
function mapPart({ properties, additionalProperties, patternProperties }) {
  if (Object.keys(properties ?? {}).length > 0) return null;
  const part = Object.values(patternProperties ?? {})[0] ?? additionalProperties;
  return typeof part === 'object' ? part : {};
}

function noteOf(schema, description) {
  const facts = [
    description.replaceAll('`', ''),
    schema.default === undefined ? '' : `Default: ${schema.default}.`,
    schema.minimum === undefined || schema.maximum === undefined ? '' : `${schema.minimum} to ${schema.maximum}.`,
  ];
  return facts.filter((fact) => fact !== '').join(' ');
}

function plainField(label, name, schema, { required, note, offered, several }) {
  const choices = choicesOf(schema);
  if (choices !== null) {
    const blank = required ? [] : [h('option', { value: '' }, '')];
    const select = h(
      'select',
      {},
      ...blank,
      ...choices.map((choice) => h('option', { value: choice }, String(choice))),
    );
    return { element: labelled(label, select, note), value: () => select.value, control: select };
  }
  const first = required ? firstValue(schema) : '';
  const input = h(several ? 'textarea' : 'input', {
    type: several ? null : isSecretName(name, schema) ? 'password' : 'text',
    rows: several ? 2 : null,
    value: several ? null : first,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: placeholderOf(schema),
  });
  const field = labelled(label, input, several ? `${note} One a line.` : note);
  if (schema['x-picker'] === 'date') field.insertBefore(datePicker(label, input), input.nextSibling);
  if (schema['x-picker'] === 'zone') input.setAttribute('list', zoneList(schema['x-zone-names']));
  if (schema['x-values-from'] !== undefined) field.append(offerValues(input, schema['x-values-from'], offered));
  const lines = () => input.value.split('\n').filter((line) => line !== '');
  return { element: field, value: () => (several ? lines() : input.value), control: input };
}

/** Also a secret that is a parameter of one request is hidden while it is typed and in the command. */
export function isSecretName(name, schema) {
  return schema?.format === 'password' || SECRET_NAMES.has(name);
}

export const SECRET_NAMES = new Set([
  'password',
  'client_secret',
  'refresh_token',
  'access_token',
  'service_token',
  'provider_key',
  'appToken',
  'sessionId',
  'token',
]);

function choicesOf(schema) {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (schema.type === 'boolean') return ['true', 'false'];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(alternatives)) return null;
  // An alternative of one value is written as a constant or as an enumeration of one.
  const constants = alternatives.map((alternative) => alternative.const ?? alternative.enum?.[0]);
  return constants.every((constant) => constant !== undefined) ? constants : null;
}

function firstValue(schema) {
  return String(schema.default ?? schema.example ?? schema.examples?.[0] ?? '');
}

function placeholderOf(schema) {
  const example = schema.default ?? schema.example ?? schema.examples?.[0];
  return example === undefined || typeof example === 'object' ? null : String(example);
}

/** Beside the text, which takes more than a calendar can say: times, offsets. */
function datePicker(label, input) {
  const picker = h('input', { type: 'date', class: 'picker', 'aria-label': `${label}: choose a day` });
  picker.addEventListener('change', () => {
    if (picker.value !== '') input.value = picker.value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return picker;
}

function objectField(label, schema, note, offered) {
  const members = membersOf(schema, offered);
  const element = h(
    'fieldset',
    {},
    h('legend', {}, label),
    note === '' ? null : h('p', { class: 'hint' }, note),
    ...members.map(([, field]) => field.element),
  );
  return { element, value: () => valuesOf(members) };
}

/** Names and values, as many as one likes; names may be offered (`x-values-from` of the map). */
function mapField(name, label, schema, note, offered) {
  const rows = [];
  const list = h('div', { class: 'rows' });
  const part = mapPart(schema) ?? {};
  const add = () => {
    const key = h('input', { type: 'text', autocomplete: 'off', 'aria-label': `${name}: name` });
    const value = h('input', { type: 'text', autocomplete: 'off', 'aria-label': `${name}: value` });
    if (part.type === 'integer') value.setAttribute('inputmode', 'numeric');
    const row = { key, value };
    const element = h(
      'div',
      { class: 'row' },
      key,
      value,
      removeButton(`Remove from ${name}`, () => {
        rows.splice(rows.indexOf(row), 1);
        element.remove();
      }),
    );
    if (schema['x-values-from'] !== undefined) element.append(offerValues(key, schema['x-values-from'], offered));
    rows.push(row);
    list.append(element);
  };
  add();
  const element = framed(label, note, list, h('button', { type: 'button', onclick: add }, `Add to ${name}`));
  const value = () => {
    const named = rows.filter(({ key }) => key.value !== '');
    return Object.fromEntries(named.map((row) => [row.key.value, row.value.value]));
  };
  return { element, value };
}

/** A list of objects: each with its fields, and a way to remove it. */
function listField(name, label, schema, note, offered) {
  const items = [];
  const list = h('div', { class: 'items' });
  let added = 0;
  const add = () => {
    const field = fieldOf(`${name} ${(added += 1)}`, schema.items, { offered });
    const element = h(
      'div',
      { class: 'item' },
      field.element,
      removeButton(`Remove ${name} ${added}`, () => {
        items.splice(items.indexOf(field), 1);
        element.remove();
      }),
    );
    items.push(field);
    list.append(element);
  };
  add();
  const element = framed(label, note, list, h('button', { type: 'button', onclick: add }, `Add to ${name}`));
  return { element, value: () => items.map((field) => field.value()) };
}

function framed(label, note, ...children) {
  const id = newId();
  return h(
    'fieldset',
    { 'aria-describedby': note === '' ? null : id },
    h('legend', {}, label),
    note === '' ? null : h('p', { class: 'hint', id }, note),
    ...children,
  );
}

function removeButton(label, onclick) {
  return h('button', { type: 'button', 'aria-label': label, title: label, onclick }, '×');
}
