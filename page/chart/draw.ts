/** Paints what the chart shows besides its axes and the incumbent's line: noise, dots, audits. */
import type uPlot from 'uplot';
import type { PageHead, PageRow, PageStep } from '../../src/page/model.ts';
import { kindOf } from '../data/list-view.ts';
import type { MarkKind } from '../data/address.ts';

export interface Painting {
  readonly head: PageHead;
  readonly rows: readonly PageRow[];
  readonly lastId: number;
  readonly open: number | null;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly row: PageRow;
}

type Colours = Readonly<Record<MarkKind | 'paper' | 'ink' | 'soft' | 'link', string>>;
const NAMES = ['keep', 'discard', 'crash', 'review', 'paper', 'ink', 'soft', 'link'] as const;

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const [keep = '', discard = '', crash = '', review = '', paper = '', ink = '', soft = '', link = ''] = NAMES.map((name) =>
    style.getPropertyValue(`--${name}`).trim(),
  );
  return { keep, discard, crash, review, paper, ink, soft, link, control: discard, undone: keep };
}

/** Where a step of the incumbent begins; a rollback is between two experiments. */
export const startOf = ({ after, isRollback }: PageStep): number => after + (isRollback ? 0.5 : 0);

function clipped(u: uPlot, paint: (ctx: CanvasRenderingContext2D, scale: number) => void): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint(ctx, devicePixelRatio);
  ctx.restore();
}

/** Two sigma of one trial to either side of the incumbent: scores in there may well be its own. */
export function paintBand(u: uPlot, { head, lastId }: Painting, colours: Colours): void {
  const { sigma, course } = head;
  if (sigma === null || sigma === 0) return;
  clipped(u, (ctx) => {
    ctx.fillStyle = colours.keep;
    ctx.globalAlpha = 0.12;
    for (const [at, step] of course.entries()) {
      const next = course[at + 1];
      const left = u.valToPos(startOf(step), 'x', true);
      const right = u.valToPos(next === undefined ? lastId + 1 : startOf(next), 'x', true);
      const top = u.valToPos(step.score + 2 * sigma, 'y', true);
      ctx.fillRect(left, top, right - left, u.valToPos(step.score - 2 * sigma, 'y', true) - top);
    }
  });
}

const ORDER: readonly MarkKind[] = ['control', 'discard', 'crash', 'review', 'undone', 'keep'];

/** Gives where each dot is, in pixels of the page, so that the pointer finds them. */
export function paintDots(u: uPlot, { rows, open }: Painting, colours: Colours): Spot[] {
  const spots: Spot[] = [];
  const isDense = rows.length > 700;
  const { top, height } = u.bbox;
  clipped(u, (ctx, scale) => {
    const byKind = Map.groupBy(rows, kindOf);
    for (const kind of ORDER) {
      for (const row of byKind.get(kind) ?? []) {
        const x = u.valToPos(row.id, 'x', true);
        const exact = row.score === undefined ? top + height - 6 * scale : u.valToPos(row.score, 'y', true);
        const y = Math.min(top + height - 6 * scale, Math.max(top + 6 * scale, exact));
        paintDot(ctx, { x, y, scale: isDense && kind !== 'keep' ? scale * 0.6 : scale }, kind, colours, row.score !== undefined);
        spots.push({ x: (x - u.bbox.left) / scale, y: (y - top) / scale, row });
        if (row.id === open) ring(ctx, x, y, 10 * scale, colours.link, 2 * scale);
      }
    }
  });
  return spots;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

function paintDot(ctx: CanvasRenderingContext2D, { x, y, scale }: Place, kind: MarkKind, colours: Colours, hasScore: boolean): void {
  const colour = colours[kind];
  if (!hasScore) {
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.7;
    ctx.fillRect(x - scale * 0.75, y - 5 * scale, 1.5 * scale, 10 * scale);
    ctx.globalAlpha = 1;
  } else if (kind === 'keep') {
    disc(ctx, x, y, 6 * scale, colours.paper);
    disc(ctx, x, y, 4.5 * scale, colour);
  } else if (kind === 'review') {
    diamond(ctx, x, y, 6 * scale, colour);
  } else if (kind === 'control') {
    disc(ctx, x, y, 2 * scale, colour);
  } else {
    disc(ctx, x, y, 3.2 * scale, colours.paper);
    ring(ctx, x, y, 3.2 * scale, colour, 1.4 * scale);
  }
}

/** Each audit: the level it found with its interval, after the experiment it came after. */
export function paintAudits(u: uPlot, { head }: Painting, colours: Colours): void {
  clipped(u, (ctx, scale) => {
    for (const { after, value, low, high, isRolledBack } of head.levels) {
      const x = u.valToPos(after + 0.5, 'x', true);
      const [y, top, bottom] = [value, high, low].map((score) => u.valToPos(score, 'y', true));
      if (y === undefined || top === undefined || bottom === undefined) return;
      ctx.strokeStyle = colours.ink;
      ctx.lineWidth = 1.5 * scale;
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, bottom);
      for (const end of [top, bottom]) {
        ctx.moveTo(x - 4 * scale, end);
        ctx.lineTo(x + 4 * scale, end);
      }
      ctx.stroke();
      ctx.fillStyle = isRolledBack ? colours.paper : colours.ink;
      ctx.fillRect(x - 3.5 * scale, y - 3.5 * scale, 7 * scale, 7 * scale);
      ctx.strokeRect(x - 3.5 * scale, y - 3.5 * scale, 7 * scale, 7 * scale);
    }
  });
}

function disc(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

function ring(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string, width: number): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.fill();
}
