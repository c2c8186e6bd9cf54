/** The look of the report: one column, system fonts, figures of equal width, light and dark by the reader's setting. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfcfb; --card: #f6f4f1; --ink: #1d1c1a; --soft: #6d6963; --rule: #e4e0da; --faint: #efece7;
  --keep: #0b7a5e; --discard: #9b958c; --crash: #c2410c; --review: #7a4fc9; --link: #0b6b8a;
  --add: #0f6b3a; --add-bg: #e6f4ea; --remove: #a3320b; --remove-bg: #fbeae4;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #161514; --card: #1f1e1c; --ink: #ece9e4; --soft: #a09a91; --rule: #35322e; --faint: #282623;
    --keep: #4cc9a4; --discard: #837d74; --crash: #f08a5b; --review: #b497f0; --link: #6cc0dc;
    --add: #86d6a4; --add-bg: #14291d; --remove: #f0a083; --remove-bg: #331b13;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 40px 24px 96px; max-width: 1040px;
  background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: var(--mono); font-size: .86em; }
.muted, .muted code { color: var(--soft); }
.n { text-align: right; white-space: nowrap; }
h1, h2, h4, p, figure, dl, dd, ul { margin: 0; }

.eyebrow { color: var(--soft); font-size: 14px; letter-spacing: .01em; }
.eyebrow span { opacity: .5; padding: 0 2px; }
h1 { margin: 10px 0 6px; font-size: clamp(26px, 4.6vw, 36px); line-height: 1.16; font-weight: 640; letter-spacing: -.022em; }
h1.good { color: var(--keep); } h1.bad { color: var(--crash); }
.brief { margin: 14px 0 18px; font-size: 18px; }
.brief div { display: flex; gap: 12px; }
.brief dt { color: var(--soft); flex: 0 0 88px; }
.brief dd { min-width: 0; }
.scores { font-size: 20px; } .scores .metric { color: var(--soft); margin-right: 8px; }
.scores .numbers { white-space: nowrap; }
.scores .from { color: var(--soft); }
.scores .arrow { color: var(--discard); }
.lede { font-size: 16px; color: var(--soft); }
.stats { display: flex; flex-wrap: wrap; gap: 14px 36px; margin-top: 26px; }
.stats div { display: flex; flex-direction: column-reverse; }
.stats dt { color: var(--soft); font-size: 13px; }
.stats dd { font-size: 22px; line-height: 1.25; font-weight: 560; letter-spacing: -.01em; }

section { margin-top: 56px; }
h2 { font-size: 21px; font-weight: 620; letter-spacing: -.01em; line-height: 1.3; }
h2 + .muted { margin: 2px 0 14px; font-size: 15px; }

.chart { margin-top: 44px; }
.plot { position: relative; height: 380px; margin: 0 4px 28px 58px; touch-action: pan-y; }
.canvas { display: block; overflow: visible; }
.grid { stroke: var(--faint); }
.floor { stroke: var(--rule); }
.tick { fill: var(--soft); font-size: 12px; }
.plot path { vector-effect: non-scaling-stroke; stroke-linecap: round; fill: none; }
.plot .discard { stroke: var(--discard); } .plot .keep { stroke: var(--keep); } .plot .crash { stroke: var(--crash); } .plot .review { stroke: var(--review); }
.plot .ring { stroke-width: 7.5px; } .plot .hole { stroke: var(--paper); stroke-width: 4.5px; }
.plot .square { stroke-linecap: square; stroke-width: 7px; }
.plot .tickmark { stroke-width: 2px; stroke-linecap: butt; }
.plot .disc { stroke-width: 10px; } .plot .halo { stroke: var(--paper); stroke-width: 14px; }
.plot .best { stroke: var(--keep); stroke-width: 2px; stroke-linejoin: round; opacity: .75; }
.dense .plot .ring { stroke-width: 3px; opacity: .45; } .dense .plot .hole { display: none; } .dense .plot .square { stroke-width: 4px; opacity: .8; }
.dense .plot .disc { stroke-width: 6px; } .dense .plot .halo { stroke-width: 8px; } .dense .plot .tickmark { stroke-width: 1px; opacity: .45; } .dense .plot .outlier { opacity: .4; }
.plot .undone { stroke: var(--keep); } .plot .undone.hole { stroke: var(--paper); stroke-width: 5.5px; }
.plot .dot { stroke: var(--discard); stroke-width: 5px; opacity: .7; } .control-fill { fill: var(--discard); opacity: .7; }
.chart .band { fill: var(--keep); opacity: .11; stroke: none; }
.chart .belief { fill: none; stroke: var(--link); stroke-width: 1.75px; stroke-dasharray: 5 3; stroke-linecap: butt; }
.drift { stroke: var(--review); stroke-dasharray: 3 3; }
.audit-mark line, .audit-mark .cap { stroke: var(--ink); stroke-width: 1.5px; } .audit-mark .diamond { fill: var(--ink); stroke: var(--paper); stroke-width: 1.5px; }
.taken-back .diamond { fill: var(--paper); stroke: var(--ink); }
.undone-line { fill: none; stroke: var(--keep); stroke-width: 2; }
.chart .outlier { fill: var(--discard); stroke: none; }
.baseline { stroke: var(--soft); stroke-dasharray: 2 4; opacity: .8; }
.mark-label { font-size: 12.5px; font-weight: 560; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.baseline-label { fill: var(--soft); } .best-label { fill: var(--keep); }
.hit { fill: transparent; cursor: pointer; }
.chart a:focus-visible { outline: none; } .chart a:focus-visible .hit { stroke: var(--link); stroke-width: 2px; }
.keep-fill { fill: var(--keep); } .review-fill { fill: var(--review); }
.discard-line { fill: none; stroke: var(--discard); stroke-width: 1.5; } .crash-line { stroke: var(--crash); stroke-width: 2; }
figcaption { display: flex; flex-wrap: wrap; gap: 4px 18px; padding-left: 58px; color: var(--soft); font-size: 13px; }
.key { display: inline-flex; align-items: center; gap: 6px; }
.axis { margin-left: auto; }
.tip { position: absolute; z-index: 2; width: max-content; max-width: min(280px, 100%); padding: 8px 11px; pointer-events: none;
  background: var(--ink); color: var(--paper); border-radius: 7px; font-size: 13px; line-height: 1.4; }
.tip-head { opacity: .75; } .tip-numbers { font-weight: 620; white-space: pre; }
.cursor { position: absolute; width: 17px; height: 17px; margin: -8.5px; border: 2px solid var(--ink); border-radius: 50%; pointer-events: none; }
[hidden] { display: none; }

table { border-collapse: collapse; width: 100%; font-size: 15px; } .plain table { margin-top: 12px; }
th { text-align: left; font-weight: 500; font-size: 13px; color: var(--soft); white-space: nowrap; }
th.n { text-align: right; }
th, td { padding: 7px 20px 7px 0; border-bottom: 1px solid var(--faint); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.ranked .rank { width: 1%; color: var(--soft); } .ranked .change { width: 60%; }
.ranked .gain { min-width: 128px; } .ranked .gain b { color: var(--keep); font-weight: 620; }
.ranked .interval { stroke: var(--soft); stroke-width: 1.5px; } .narrow { display: none; }
.bar { display: block; margin-top: 5px; transform: scaleX(-1); }
.audit { margin-top: 16px; padding: 16px 18px 18px; background: var(--card); border-radius: 10px; scroll-margin-top: 12px; }
.audit-claim { font-weight: 620; font-size: 17px; color: var(--keep); } .audit-claim.none { color: var(--ink); } .audit-claim.loss, .failed { color: var(--crash); }
.whisker { display: block; max-width: 560px; margin-top: 6px; } .audit > .muted { font-size: 15px; } .whisker .none { stroke: var(--discard); stroke-dasharray: 2 3; }
.whisker .span { stroke: var(--keep); stroke-width: 3px; stroke-linecap: round; opacity: .55; } .whisker .point { fill: var(--keep); stroke: var(--card); stroke-width: 2px; }
.whisker .raw { stroke: var(--soft); stroke-width: 2px; }
.audit-claim.none ~ .whisker .span { stroke: var(--soft); } .audit-claim.none ~ .whisker .point { fill: var(--ink); }
.audit-claim.loss ~ .whisker .span { stroke: var(--crash); } .audit-claim.loss ~ .whisker .point { fill: var(--crash); }
.compromises { margin: 14px 0 18px; } .compromises .plot { height: 280px; max-width: 640px; margin-top: 6px; } .compromises figcaption { max-width: 698px; } .compromises .above { padding-left: 0; }
.curves { display: flex; flex-wrap: wrap; gap: 10px 28px; margin-top: 6px; } .curve { width: min(260px, 100%); }
.curve svg { display: block; border-bottom: 1px solid var(--rule); overflow: visible; } .curve path { fill: none; stroke: var(--link); stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.curve figcaption { padding: 3px 0 0; }
.scroll { overflow-x: auto; } .body table { width: auto; font-size: 14px; }

.standing { white-space: nowrap; font-size: 13px; font-weight: 560; } .standing i { font-style: normal; }
.standing.waiting { color: var(--review); } .standing.asked { color: var(--crash); } .standing.approved { color: var(--keep); } .standing.rejected { color: var(--soft); }
.reviews { margin-top: 14px; } .decisions { padding: 0; list-style: none; }

.list { border-top: 1px solid var(--rule); }
.experiment { border-bottom: 1px solid var(--faint); scroll-margin-top: 12px; }
.experiment > summary { display: grid; grid-template-columns: 52px 104px 1fr auto 84px; gap: 0 12px; align-items: baseline; padding: 9px 0; cursor: pointer; list-style: none; font-size: 15px; }
.experiment > summary::-webkit-details-marker { display: none; }
.experiment > summary:hover .t { text-decoration: underline; text-decoration-color: var(--discard); text-underline-offset: 3px; }
.id { color: var(--soft); font-size: 14px; }
.verdict { white-space: nowrap; font-size: 14px; } .verdict i { font-style: normal; display: inline-block; width: 1.05em; text-align: center; }
.verdict.keep { color: var(--keep); font-weight: 560; } .verdict.discard { color: var(--soft); } .verdict.crash { color: var(--crash); } .verdict.review { color: var(--review); } .verdict.control { color: var(--soft); opacity: .8; } .verdict.undone { color: var(--crash); }
.experiment.control > summary { opacity: .65; }
.experiment.keep .t { font-weight: 580; }
.s, .d { text-align: right; white-space: nowrap; } .d { color: var(--soft); } .d.better { color: var(--keep); }
.experiment[open] { border-bottom-color: var(--rule); }
.body { padding: 4px 0 28px 52px; scroll-margin-top: 64px; font-size: 15px; }
.body p, .body li { max-width: 70ch; }
.body p + p { margin-top: .5em; }
h4 { margin: 18px 0 3px; font-size: 13px; font-weight: 560; color: var(--soft); }
.outcome code, .judgements code { color: var(--soft); font-size: 12.5px; }
.origin { margin-top: 18px; color: var(--soft); font-size: 14px; }
ul { padding-left: 1.15em; } .judgements { padding: 0; list-style: none; }
.judgements li { display: grid; grid-template-columns: 56px 1fr; max-width: none; } .judgements b { font-weight: 560; }
.judgements .pass { color: var(--keep); } .judgements .fail { color: var(--crash); } .judgements .review, .judgements .more { color: var(--review); }
.evidence { overflow-wrap: anywhere; }
pre { margin: 6px 0 0; padding: 12px 14px; overflow-x: auto; background: var(--card); border-radius: 8px; line-height: 1.5; tab-size: 4; font-size: 12.5px; }
.diff { padding-inline: 0; }
.diff > div { width: max-content; min-width: 100%; }
.diff span { display: block; padding: 0 14px; }
.diff .added { color: var(--add); background: var(--add-bg); } .diff .removed { color: var(--remove); background: var(--remove-bg); }
.diff .hunk { color: var(--link); } .diff .file { color: var(--soft); }
.plain { margin-top: 18px; } .plain > summary { cursor: pointer; color: var(--link); font-size: 15px; }
.compact { font-size: 14px; } .compact td, .compact th { padding: 4px 16px 4px 0; } .compact .t { min-width: 220px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px 24px; margin-top: 12px; font-size: 15px; }
.facts dt { color: var(--soft); font-size: 13px; }

@media (max-width: 640px) {
  body { padding: 24px 16px 64px; }
  .stats { gap: 12px 26px; } .stats dd { font-size: 19px; }
  section { margin-top: 44px; } .chart { margin-top: 32px; }
  .plot { height: 300px; margin: 0 0 28px 46px; } figcaption { padding-left: 0; } .axis { margin-left: 0; width: 100%; }
  .tick { font-size: 11px; }
  .wide { display: none; } .narrow { display: block; font-size: 13px; }
  .compromises .plot { height: 240px; }
  th, td { padding-right: 12px; } .ranked .gain, .ranked th.gain { padding-right: 0; }
  .ranked .gain { min-width: 84px; } .ranked .gain .muted { display: block; font-size: 13px; }
  .experiment > summary { grid-template-columns: 44px 1fr auto auto; gap: 1px 10px; padding: 10px 0; }
  .experiment > summary .t { grid-column: 2 / -1; grid-row: 2; }
  .body { padding-left: 0; }
}
@media print {
  :root { --paper: #fff; --ink: #000; }
  body { padding: 0; max-width: none; font-size: 11pt; }
  .experiment, tr, figure { break-inside: avoid; } .experiment[open] { break-inside: auto; }
  pre { white-space: pre-wrap; } .diff > div { width: auto; } .tip, .cursor { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
