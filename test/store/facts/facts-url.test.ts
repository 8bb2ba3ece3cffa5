import { expect, test } from 'vitest';
import { FactsError } from '../../../src/store/facts/facts-error.ts';
import { parseFactsUrl } from '../../../src/store/facts/facts-url.ts';

test.each([
  ['chdb:./data/facts', './data/facts'],
  ['chdb:/var/lib/tallyhouse/facts', '/var/lib/tallyhouse/facts'],
  ['chdb:///var/lib/facts', '/var/lib/facts'],
  ['chdb:a dir/é', 'a dir/é'],
])('%s is embedded at %s', (url, path) => {
  expect(parseFactsUrl(url)).toEqual({ kind: 'embedded', path });
});

test('a served store has user, password, database and cluster', () => {
  expect(parseFactsUrl('https://ada:p%40ss%2F@ch.example:8443/facts?cluster=north')).toEqual({
    kind: 'served',
    url: 'https://ch.example:8443',
    username: 'ada',
    password: 'p@ss/',
    database: 'facts',
    cluster: 'north',
  });
});

test('the user is default and the database tallyhouse unless given', () => {
  expect(parseFactsUrl('http://127.0.0.1:8123')).toEqual({
    kind: 'served',
    url: 'http://127.0.0.1:8123',
    username: 'default',
    password: '',
    database: 'tallyhouse',
    cluster: null,
  });
});

test.each([
  ['', 'chdb:DIRECTORY or http(s)'],
  ['chdb:', 'chdb:DIRECTORY'],
  ['./data/facts', 'chdb:DIRECTORY'],
  ['tcp://host:9000/db', 'chdb:DIRECTORY'],
  ['http://', 'chdb:DIRECTORY'],
  ['http://host/a/b', 'database is a plain name'],
  ['http://host/a%60b', 'database is a plain name'],
  ['http://host/db?cluster=a%60b', 'cluster is a plain name'],
  ['http://host/db?compress=1', 'knows the option cluster, not "compress"'],
])('%s is refused', (url, message) => {
  expect(() => parseFactsUrl(url)).toThrow(FactsError);
  expect(() => parseFactsUrl(url)).toThrow(message);
});
