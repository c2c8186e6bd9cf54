import { bytes, double, float, int } from './protobuf.ts';

/** One value at a step; a text is Markdown. `seconds` since 1970. */
export interface Point {
  readonly tag: string;
  readonly step: number;
  readonly seconds: number;
  readonly value: number | string;
}

const CRC32C = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});
const DT_STRING = 7;

/** The first record of every event file. */
export function header(seconds: number): Buffer {
  return frame([double(1, seconds), bytes(3, 'brain.Event:2')]);
}

/** A point as a TFRecord: length, its checksum, an `Event`, its checksum. */
export function pointFrame({ tag, step, seconds, value }: Point): Buffer {
  const content = typeof value === 'number' ? [float(2, value)] : text(value);
  return frame([double(1, seconds), int(2, step), bytes(5, [bytes(1, [bytes(1, tag), ...content])])]);
}

/** Shown by the text plugin, which wants a tensor with a shape. */
function text(value: string): Buffer[] {
  const metadata = bytes(9, [bytes(1, [bytes(1, 'text')])]);
  const tensor = bytes(8, [int(1, DT_STRING), bytes(2, [bytes(2, [int(1, 1)])]), bytes(8, value)]);
  return [tensor, metadata];
}

function frame(event: readonly Buffer[]): Buffer {
  const data = Buffer.concat(event);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedChecksum(length), data, maskedChecksum(data)]);
}

function maskedChecksum(data: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (CRC32C[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}
