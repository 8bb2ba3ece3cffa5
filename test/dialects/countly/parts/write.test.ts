import { describe, expect, test } from 'vitest';
import { parametersOf } from '../../../../src/dialects/countly/transport/parameters.ts';
import { eventsOf } from '../../../../src/dialects/countly/write/events.ts';
import { fingerprintOf } from '../../../../src/dialects/countly/write/fingerprint.ts';
import { wellFormed } from '../../../../src/dialects/countly/write/text-values.ts';
import { epochMs } from '../../../../src/domain/time/instant.ts';

describe('fingerprints', () => {
  const sent = {
    device_id: 'd"1',
    timestamp: 1_760_000_000_000,
    hour: 9,
    begin_session: true,
    events: [{ key: 'level_done', count: 1, segmentation: { plan: 'pro' } }],
  };

  // Devices remember them in the records store: with others, what was sent before an upgrade would count twice.
  test('are the same in every release', () => {
    expect(fingerprintOf(parametersOf(sent))).toBe('J1jmSnNs6A');
  });

  test('do not depend on the order, nor on what a retry says differently', () => {
    const other = Object.fromEntries(Object.entries(sent).toReversed());
    const again = parametersOf({ rr: 1, checksum: 'x', checksum256: 'y', app_key: 'k', ...other });
    expect(fingerprintOf(again)).toBe(fingerprintOf(parametersOf(sent)));
  });

  test('differ with any value', () => {
    expect(fingerprintOf(parametersOf({ ...sent, hour: 10 }))).not.toBe(fingerprintOf(parametersOf(sent)));
  });
});

describe('segments of an event', () => {
  const time = { at: epochMs(1), arrival: epochMs(1) };
  const segmentsOf = (event: string) => eventsOf([JSON.parse(event)], time)[0]?.segmentation;

  test.each([
    ['{"__proto__":"p","a":"1"}', '{"__proto__":"p","a":"1"}'],
    ['{"$a":"1","a":"2"}', '{"a":"2"}'],
    ['{".":"1","b":null,"c":{}}', null],
    ['[1]', null],
    ['{}', null],
  ])('%s', (segmentation, kept) => {
    expect(segmentsOf(`{"key":"k","count":1,"segmentation":${segmentation}}`)).toBe(kept);
  });

  test('in the old form', () => {
    expect(segmentsOf('{"key":"k","count":1,"seg_key":"__proto__","seg_val":"v"}')).toBe('{"__proto__":"v"}');
  });
});

test('halves of surrogate pairs are replaced, whole pairs are not', () => {
  expect(wellFormed('a\ud83db\ude00c\u{1f600}')).toBe('a\ufffdb\ufffdc\u{1f600}');
});
