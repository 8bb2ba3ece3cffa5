// Every package that reaches a user must be under a permissive licence: exit 1 and a line for each that is not.
// What reaches a user: the dependencies, optional ones too.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { init } from 'license-checker-rseidelsohn';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);
/** Fit for data, not for code. */
const ALLOWED_DATA = new Map([['@ip-location-db/geo-whois-asn-country-mmdb', 'CC-BY-4.0']]);

/** Whether an SPDX expression can be satisfied: of an OR one side, of an AND both. No precedence beyond parentheses. */
function allowed(name, licence) {
  const expression = String(licence)
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  if (/ OR /.test(expression)) return expression.split(' OR ').some((side) => allowed(name, side));
  if (/ AND /.test(expression)) return expression.split(' AND ').every((side) => allowed(name, side));
  return ALLOWED.has(expression) || ALLOWED_DATA.get(name) === expression;
}

function read(options) {
  return new Promise((resolve, reject) => {
    init({ start: root, excludePrivatePackages: true, ...options }, (error, packages) => {
      if (error) reject(error);
      else resolve(packages);
    });
  });
}

const production = await read({ production: true });
const packages = Object.entries(production);
const refused = packages.filter(([id, { licenses }]) => {
  const name = id.slice(0, id.lastIndexOf('@'));
  return name !== 'tallyhouse' && ![licenses].flat().every((licence) => allowed(name, licence));
});
for (const [id, { licenses }] of refused) console.error(`${id}: licence ${licenses} is not on the list`);
// A check that saw hardly anything has not looked: the server alone has dozens of packages.
if (packages.length < 30) console.error(`only ${packages.length} packages found: is node_modules complete?`);
console.log(`${packages.length} packages, ${refused.length} with a licence that is not on the list`);
process.exitCode = refused.length > 0 || packages.length < 30 ? 1 : 0;
