import type { Scalar } from '../../../src/plugin.ts';
import { createFinder } from './locate.ts';

/**
 * The text with one parameter's value replaced; everything else stays as it is, byte for byte.
 * Throws when the parameter is not there, or cannot be read back from the new text.
 */
export function rewrite(file: string, text: string, name: string, value: Scalar): string {
  const found = createFinder(file, text)(name);
  if ('problem' in found) throw new Error(`${file}: ${name}: ${found.problem}`);
  const { start, end, text: written, value: current } = found.site;
  if (current === value) return text;
  const changed = text.slice(0, start) + literal(file, written, value) + text.slice(end);
  const again = createFinder(file, changed)(name);
  if ('problem' in again || again.site.value !== value) throw new Error(`${file}: ${name} cannot be set to ${JSON.stringify(value)}`);
  return changed;
}

/** A value written the way the old one was. */
function literal(file: string, old: string, value: Scalar): string {
  switch (typeof value) {
    case 'boolean':
      return word(file, old, value);
    case 'number':
      return number(old, value);
    case 'string':
      return string(file, old, value);
  }
}

function word(file: string, old: string, value: boolean): string {
  const isCapital = /^(True|False)$/.test(old) || (file.endsWith('.py') && !/^(true|false)$/.test(old));
  if (/^(TRUE|FALSE)$/.test(old)) return value ? 'TRUE' : 'FALSE';
  if (isCapital) return value ? 'True' : 'False';
  return value ? 'true' : 'false';
}

function number(old: string, value: number): string {
  if (/^[-+]?[\d.]+[eE]/.test(old) && value !== 0) return exponent(value, /[.]\d*[eE]/.test(old), old.includes('E'));
  const plain = String(value);
  if (plain.includes('e')) return exponent(value, true, false);
  // A float that happens to be whole stays a float where the language tells them apart.
  if (Number.isInteger(value)) return old.includes('.') ? `${plain}.0` : grouped(old, plain);
  return plain;
}

// YAML 1.1 readers take `8e-9` for a string, so an exponent that was not there before comes with a dot.
function exponent(value: number, dotted: boolean, upper: boolean): string {
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const head = dotted && !mantissa.includes('.') ? `${mantissa}.0` : mantissa;
  return `${head}${upper ? 'E' : 'e'}${power.replace('+', '')}`;
}

function grouped(old: string, plain: string): string {
  return old.includes('_') ? plain.replace(/\B(?=(\d{3})+$)/g, '_') : plain;
}

function string(file: string, old: string, value: string): string {
  const isSimple = /^[^"'\\\n\r\t]*$/.test(value);
  const quote = old.charAt(0);
  if (isSimple && (quote === '"' || quote === "'")) return quote + value + quote;
  const isYaml = /\.ya?ml$/i.test(file);
  const isBare = isYaml && /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isBare ? value : JSON.stringify(value);
}
