/** Bytes that are no file of the engine's Native format, or of columns whose length is not known here. */
export class NativeFormatError extends Error {
  override readonly name = 'NativeFormatError';
}

/** Bytes of one value of the types that have a fixed size. */
const FIXED_BYTES: readonly (readonly [type: RegExp, bytes: number])[] = [
  [/^(U?Int8|Bool|Enum8\(.*\))$/s, 1],
  [/^(U?Int16|Date|Enum16\(.*\))$/s, 2],
  [/^(U?Int32|Float32|DateTime(\(.*\))?|Date32)$/, 4],
  [/^(U?Int64|Float64|DateTime64\(.*\))$/, 8],
];

/**
 * Counts the rows of a file in the engine's Native format by walking through its blocks: the number of columns and rows,
 * then each column with its name, type and values. So a backup is checked without an engine, down to its last byte.
 * Throws NativeFormatError for a file that ends early or goes on strangely.
 */
export async function countNativeRows(file: AsyncIterable<Uint8Array>): Promise<number> {
  const bytes = new ByteWalker(file);
  let total = 0;
  while (!(await bytes.atEnd())) {
    const columns = await bytes.varint();
    const rows = await bytes.varint();
    for (let column = 0; column < columns; column += 1) {
      await bytes.text();
      await skipColumn(bytes, await bytes.text(), rows);
    }
    total += rows;
  }
  return total;
}

async function skipColumn(bytes: ByteWalker, type: string, rows: number): Promise<void> {
  if (rows === 0) return;
  const dictionary = /^LowCardinality\((?:Nullable\((.+)\)|(.+))\)$/s.exec(type);
  const keys = dictionary?.[1] ?? dictionary?.[2];
  if (keys !== undefined) {
    await skipDictionary(bytes, keys, rows);
    return;
  }
  const inner = /^Nullable\((.+)\)$/s.exec(type)?.[1];
  if (inner !== undefined) await bytes.skip(rows);
  await skipValues(bytes, inner ?? type, rows);
}

async function skipValues(bytes: ByteWalker, type: string, rows: number): Promise<void> {
  if (type === 'String') {
    await bytes.skipTexts(rows);
    return;
  }
  const size = FIXED_BYTES.find(([pattern]) => pattern.test(type))?.[1];
  if (size === undefined) throw new NativeFormatError(`a column of the unknown type ${type.slice(0, 100)}`);
  await bytes.skip(rows * size);
}

/** Version, then pieces of: width of the indexes with flags, the distinct values, one index a row. */
async function skipDictionary(bytes: ByteWalker, type: string, rows: number): Promise<void> {
  await bytes.uint64();
  for (let left = rows; left > 0;) {
    const flags = await bytes.uint64();
    const hasKeys = (flags & 0x200) !== 0;
    const width = flags & 0xff;
    if (!hasKeys || (flags & 0x100) !== 0 || width > 3) throw new NativeFormatError('an unknown form of dictionary');
    await skipValues(bytes, type, await bytes.uint64());
    const piece = await bytes.uint64();
    if (piece === 0 || piece > left) throw new NativeFormatError('a dictionary with a wrong number of rows');
    await bytes.skip(piece * 2 ** width);
    left -= piece;
  }
}

/** Reads forward through pieces of bytes, holding little more than one of them. */
class ByteWalker {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(file: AsyncIterable<Uint8Array>) {
    this.#pieces = file[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    while (this.#at === this.#buffer.length) if (!(await this.#more())) return true;
    return false;
  }

  async varint(): Promise<number> {
    for (;;) {
      const value = this.#varintHere();
      if (value !== null) return value;
      await this.#mustHaveMore();
    }
  }

  async uint64(): Promise<number> {
    while (this.#buffer.length - this.#at < 8) await this.#mustHaveMore();
    const value = this.#buffer.readBigUInt64LE(this.#at);
    this.#at += 8;
    return checked(Number(value));
  }

  /** A short text: a name or a type. */
  async text(): Promise<string> {
    const length = await this.varint();
    if (length > 10_000) throw new NativeFormatError('a name of more than 10,000 bytes');
    while (this.#buffer.length - this.#at < length) await this.#mustHaveMore();
    const text = this.#buffer.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  async skip(count: number): Promise<void> {
    for (let left = count; ;) {
      const here = Math.min(left, this.#buffer.length - this.#at);
      this.#at += here;
      left -= here;
      if (left === 0) return;
      await this.#mustHaveMore();
    }
  }

  async skipTexts(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      const length = this.#varintHere() ?? (await this.varint());
      if (length <= this.#buffer.length - this.#at) this.#at += length;
      else await this.skip(length);
    }
  }

  /** Null when the buffer ends inside of it. */
  #varintHere(): number | null {
    let value = 0;
    let factor = 1;
    for (let at = this.#at; at < this.#buffer.length; at += 1) {
      const byte = this.#buffer[at] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.#at = at + 1;
        return checked(value);
      }
      factor *= 128;
      if (factor > 2 ** 63) throw new NativeFormatError('a number of more than 64 bits');
    }
    return null;
  }

  async #mustHaveMore(): Promise<void> {
    if (!(await this.#more())) throw new NativeFormatError('the file ends in the middle of a block');
  }

  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    const { value } = next;
    const rest = this.#buffer.subarray(this.#at);
    this.#buffer =
      rest.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.concat([rest, value]);
    this.#at = 0;
    return true;
  }
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value)) throw new NativeFormatError('a number that is too large to be one of a block');
  return value;
}
