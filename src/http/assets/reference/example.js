const MAX_DEPTH = 8;

/** A value that a schema allows, for an example where the description has none. */
export function exampleOf(schema, depth = 0) {
  if (typeof schema !== 'object' || schema === null || depth > MAX_DEPTH) return null;
  if (schema.example !== undefined) return schema.example;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return exampleOf(alternatives[0], depth + 1);
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, depth + 1)));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items, depth + 1)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return schema.format === 'date-time' ? '2026-11-21T10:00:00Z' : 'text';
    default:
      return schema.properties === undefined ? {} : objectOf(schema, depth);
  }
}

function objectOf({ properties = {}, additionalProperties, patternProperties }, depth) {
  const known = Object.entries(properties).map(([name, part]) => [name, exampleOf(part, depth + 1)]);
  const other = Object.values(patternProperties ?? {})[0] ?? additionalProperties;
  if (known.length === 0 && typeof other === 'object') known.push(['name', exampleOf(other, depth + 1)]);
  return Object.fromEntries(known);
}

/** An example as it travels. */
export function exampleText(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
