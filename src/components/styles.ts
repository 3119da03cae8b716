import {themeCss} from "./theme.js";

const css = /* css */ `
${themeCss}
.w-figure { margin: 1.75rem 0; max-width: 820px; color: var(--w-ink); }
.w-figure > figcaption { max-width: none; margin: 0 0 .75rem; font-style: normal; }
.w-figure > figcaption > strong { display: block; font: 700 1rem/1.35 var(--sans-serif); color: var(--w-ink); }
.w-figure > figcaption > span { display: block; font: .85rem/1.45 var(--sans-serif); color: var(--w-muted); margin-top: .15rem; }
.w-chart { width: 100%; overflow-x: auto; overflow-y: hidden; }
.w-chart svg { display: block; max-width: none; }
.w-behind { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-top: .5rem; font: .78rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-behind > details { min-width: 0; max-width: 100%; }
.w-behind > details[open] { flex-basis: 100%; }
.w-behind summary { cursor: pointer; list-style: none; }
.w-behind summary::-webkit-details-marker { display: none; }
.w-behind summary::after { content: " ▸"; }
.w-behind details[open] > summary::after { content: " ▾"; }
.w-behind summary:hover { color: var(--w-ink); }
.w-behind dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .4rem 0; }
.w-behind dt { color: var(--w-muted); }
.w-behind dd { margin: 0; color: var(--w-ink); overflow-wrap: anywhere; }
.w-rows { max-height: 260px; overflow: auto; margin: .4rem 0; }
.w-rows table { margin: 0; font-variant-numeric: tabular-nums; max-width: none; }
.w-rows th { position: sticky; top: 0; background: var(--theme-background); text-align: left; font-weight: 700; }
.w-rows th, .w-rows td { padding: .1rem 1rem .1rem 0; white-space: nowrap; }
.w-copied { display: block; box-sizing: border-box; width: 100%; font: .78rem/1.5 var(--monospace); color: var(--w-ink); background: var(--w-panel); border: 1px solid var(--w-faint); border-radius: 4px; padding: .3rem .5rem; margin: .2rem 0; resize: vertical; }
.w-copied[hidden] { display: none; }
.w-button { font: inherit; color: var(--w-ink); background: none; border: 1px solid var(--w-faint); border-radius: 4px; padding: .1rem .55rem; margin: 0 .35rem .2rem 0; cursor: pointer; }
.w-button:hover { border-color: var(--w-muted); }
.w-tooltip { position: fixed; z-index: 10; pointer-events: none; max-width: min(340px, 90vw); padding: .35rem .6rem; border-radius: 5px; background: var(--w-panel); color: var(--w-ink); border: 1px solid var(--w-faint); box-shadow: 0 2px 10px rgb(0 0 0 / .12); font: .78rem/1.5 var(--sans-serif); }
.w-tooltip[hidden] { display: none; }
.w-tooltip span { color: var(--w-muted); margin-right: .6rem; }
.w-tooltip b { font-weight: 500; overflow-wrap: anywhere; }
.w-tokens { display: flex; flex-wrap: wrap; gap: .3rem .15rem; margin: .5rem 0 1rem; max-width: 820px; min-height: 2.6rem; }
.w-tokens button { all: unset; box-sizing: border-box; cursor: pointer; text-align: center; padding: .15rem .3rem 0; border-radius: 4px; font: .95rem/1.3 var(--sans-serif); color: var(--w-ink); white-space: pre; }
.w-tokens button > i { display: block; border-radius: 2px; background: var(--w-accent); height: calc(1px + 4px * var(--value)); opacity: calc(.25 + .75 * var(--value)); }
.w-tokens button > small { display: block; font-size: .68rem; color: var(--w-muted); font-variant-numeric: tabular-nums; }
.w-tokens button:hover { background: var(--w-panel); }
.w-tokens button[aria-checked="true"] { background: color-mix(in srgb, var(--w-accent) 16%, transparent); }
.w-tokens button[aria-checked="true"] > small { color: var(--w-ink); }
.w-tokens button:focus-visible, .w-behind summary:focus-visible, .w-button:focus-visible { outline: 2px solid var(--w-accent); outline-offset: 1px; }
.w-pickable .w-chart svg { cursor: pointer; }
.w-selection { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: .5rem 0 1rem; font: .85rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-selection select { font: inherit; color: var(--w-ink); background: var(--theme-background); border: 1px solid var(--w-faint); border-radius: 4px; padding: .1rem .3rem; margin-left: .4rem; max-width: 16rem; }
.w-model { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .8rem; margin: .75rem 0 1rem; padding: .45rem .7rem; max-width: 820px; box-sizing: border-box; border-radius: 6px; background: var(--w-panel); font: .82rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-model > b { font-weight: 700; color: var(--w-ink); }
.w-model > .w-line { flex: 1 1 100%; overflow-wrap: anywhere; }
.w-model > progress { flex: 1 1 100%; height: 4px; accent-color: var(--w-accent); }
.w-model > progress[hidden], .w-model > button[hidden] { display: none; }
form[class^="inputs-"] :is(input:is([type="text"], [type="number"]), select, button, textarea) { box-sizing: border-box; color: inherit; background: var(--theme-background); border: 1px solid var(--theme-foreground-faint); border-radius: 5px; padding: .15rem .35rem; }
form[class^="inputs-"] input[type="text"] { font: 1rem/1.4 var(--sans-serif); padding: .35rem .55rem; }
.w-table { margin: .75rem 0 1rem; padding: .55rem .7rem; max-width: 820px; box-sizing: border-box; border: 1px dashed var(--w-faint); border-radius: 6px; font: .82rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-table.w-over { border-color: var(--w-accent); background: var(--w-panel); }
.w-table label > b { font-weight: 700; color: var(--w-ink); margin-right: .8rem; }
.w-table small { display: block; }
.w-table .w-held { color: var(--w-ink); }
.w-table input, .w-table select { font: inherit; max-width: 100%; }
.w-table input { color: transparent; }
.w-table input::file-selector-button { font: inherit; color: var(--w-ink); }
.w-table summary { cursor: pointer; }
.w-picker .w-held > b { margin-right: .6rem; }
.w-picker .w-held { overflow-wrap: anywhere; }
.w-picker .w-ways { display: flex; flex-wrap: wrap; align-items: baseline; gap: .35rem 1.4rem; margin: .35rem 0; }
.w-picker .w-ways input[type=file] { width: 8.5rem; }
.w-picker .w-ways form { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .6rem; margin: 0; }
.w-picker .w-ways input[type=text] { color: var(--w-ink); background: var(--theme-background); border: 1px solid var(--w-faint); border-radius: 4px; padding: .1rem .4rem; width: 13rem; }
.w-picker progress { display: block; width: 100%; height: 4px; accent-color: var(--w-accent); }
.w-picker progress[hidden], .w-picker [hidden] { display: none; }
.w-picker .w-button { color: var(--w-ink); }
.w-lines { margin: .75rem 0 1rem; max-width: 420px; font: .85rem/1.5 var(--sans-serif); color: var(--w-ink); }
.w-lines > ol { list-style: none; margin: .2rem 0; padding: 0; }
.w-lines li { display: flex; gap: .35rem; align-items: center; padding: .12rem 0; border-radius: 4px; }
.w-lines li.w-moving { opacity: .55; }
.w-lines li.w-over { background: color-mix(in srgb, var(--w-accent) 16%, transparent); }
.w-lines li > .w-button { margin: 0; }
.w-lines li > .w-button:first-child { cursor: grab; touch-action: none; }
.w-lines li > .w-button:disabled { visibility: hidden; }
.w-lines li > input { flex: 1; min-width: 0; box-sizing: border-box; font: 1rem/1.4 var(--sans-serif); color: inherit; background: var(--theme-background); border: 1px solid var(--w-faint); border-radius: 5px; padding: .2rem .5rem; }
.w-lines [hidden] { display: none; }
.w-columns { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; margin: .3rem 0; color: var(--w-ink); }
.w-columns > small { flex-basis: 100%; color: var(--w-second); }
.w-columns > small:empty { display: none; }
.w-problem { font: .85rem/1.45 var(--sans-serif); color: var(--w-second); margin: .3rem 0; max-width: 820px; overflow-wrap: anywhere; }
.w-problem:empty { display: none; }
.w-problem.w-working { color: var(--w-muted); font-variant-numeric: tabular-nums; }
.w-stale.w-refused::after { content: ". What follows is still of what could be run last."; }
:is(.w-stale, :has(> .w-stale)) ~ .w-figure, :has(> .w-stale) ~ * :is(.w-figure, table:not(.w-figure *)) { opacity: .4; }
.w-legend { color: var(--w-muted); } .w-legend > b { font-weight: 700; color: var(--w-second); }
.w-chart:focus-visible { outline: 2px solid var(--w-accent); outline-offset: 2px; }
.w-rows td { white-space: pre; }
.w-sample { flex: 1 1 280px; min-width: 0; box-sizing: border-box; padding: .6rem .8rem; border-radius: 6px; background: var(--w-panel); font: .82rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-sample > b { color: var(--w-ink); }
.w-sample > p { margin: .3rem 0; max-width: none; font: 1rem/1.5 var(--serif); color: var(--w-ink); white-space: pre-wrap; overflow-wrap: anywhere; }
.w-given { color: var(--w-muted); }
.w-sample mark { background: color-mix(in srgb, var(--w-second) 22%, transparent); color: inherit; border-radius: 2px; }
.w-sample > .w-breaks { color: var(--w-second); }
.w-samples { display: flex; flex-wrap: wrap; gap: .75rem; max-width: 820px; margin: .75rem 0; }
.w-families { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: .9rem 1.25rem; max-width: 820px; margin: 1rem 0; font: .88rem/1.5 var(--sans-serif); color: var(--w-ink); }
.w-families dd { margin: 0; }
.w-families dt > small { display: block; color: var(--w-muted); }
.w-families p { margin: 0; max-width: none; white-space: pre-wrap; overflow-wrap: anywhere; }
.w-families summary { cursor: pointer; color: var(--w-muted); font-size: .85em; }
.w-families table { margin: .3rem 0 0; max-width: none; font-size: .85em; }
.w-families td { vertical-align: top; white-space: pre-wrap; padding: .15rem 1rem .15rem 0; }
.w-families td:last-child { color: var(--w-muted); }
@media (max-width: 520px) { .w-families { grid-template-columns: minmax(0, 1fr); gap: .2rem; } .w-families dd { margin-bottom: .9rem; } }
.w-verdicts { max-width: 100%; margin: 1rem 0; font: .82rem/1.45 var(--sans-serif); }
.w-verdicts table { max-width: 1000px; margin: 0 0 .5rem; font-size: inherit; line-height: inherit; }
.w-verdicts :is(th, td) { vertical-align: top; text-align: left; padding: .4rem 1rem .4rem 0; }
.w-verdicts td:is([data-head='must be'], [data-head='stored'], [data-head='here'], [data-head='control'], [data-head='verdict']) { white-space: nowrap; }
.w-verdicts td:first-child { min-width: 15rem; }
.w-verdicts td[data-head='control'] > small { min-width: 8rem; }
.w-verdicts p:empty { display: none; }
.w-verdicts td > small { display: block; white-space: normal; color: var(--w-muted); font-size: .92em; }
.w-verdicts tr:not(.holds-here) td:last-child { color: var(--w-second); }
.w-verdicts p { margin: .2rem 0; max-width: 38rem; color: var(--w-muted); }
@media (max-width: 720px) {
  .w-verdicts :is(table, tbody, tr, td) { display: block; }
  .w-verdicts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .w-verdicts tr { padding: .6rem 0; }
  .w-verdicts td[data-head] { border: 0; padding: .1rem 0; white-space: normal; }
  .w-verdicts td:first-child { font-weight: 700; color: var(--w-ink); }
  .w-verdicts td:not(:first-child)::before { content: attr(data-head) ": "; color: var(--w-muted); }
  .w-verdicts td > small { font-weight: 400; }
}
.w-abc { max-width: 820px; margin: 1rem 0; font: .88rem/1.5 var(--sans-serif); color: var(--w-ink); }
.w-abc-presets { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .6rem; }
.w-abc table { width: auto; max-width: 100%; margin: 0; font-size: inherit; }
.w-abc :is(th, td) { border: 0; padding: .15rem .8rem .15rem 0; text-align: left; font-weight: 400; }
.w-abc input { font: inherit; width: 5rem; font-variant-numeric: tabular-nums; }
.w-plane { position: relative; max-width: 100%; background: var(--w-panel); border-radius: 6px; }
.w-handles { position: absolute; inset: 0; overflow: hidden; }
.w-handles > button { position: absolute; width: 32px; height: 32px; margin: -16px 0 0 -16px; padding: 0; border: 0; border-radius: 50%; background: none; cursor: grab; touch-action: none; }
.w-handles > button:hover { background: color-mix(in srgb, var(--w-ink) 12%, transparent); }
.w-handles > button:active { cursor: grabbing; }
.w-handles > button:focus-visible { outline: 2px solid var(--w-accent); }
.w-features { max-width: 820px; font: .82rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-features > p { margin: .3rem 0; }
.w-features > div { max-height: 22rem; overflow-y: auto; border-top: 1px solid var(--w-faint); }
.w-features button { all: unset; box-sizing: border-box; display: grid; grid-template-columns: 7rem minmax(0, 1.4fr) minmax(0, 1.6fr) 4.5rem; gap: 0 .8rem; width: 100%; padding: .2rem .4rem; cursor: pointer; color: var(--w-ink); border-bottom: 1px solid var(--w-faint); }
.w-features button > span { overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.w-features button > span:last-child { text-align: right; color: var(--w-muted); font-variant-numeric: tabular-nums; }
.w-features button:hover { background: var(--w-panel); }
.w-features button[aria-checked="true"] { background: color-mix(in srgb, var(--w-accent) 16%, transparent); }
.w-features button[aria-checked="true"] > span { color: var(--w-ink) !important; }
.w-features button:focus-visible, .w-feature summary:focus-visible { outline: 2px solid var(--w-accent); outline-offset: -2px; }
@media (max-width: 520px) { .w-features button { grid-template-columns: 6rem minmax(0, 1fr) 4rem; } .w-features button > span:nth-child(3) { grid-row: 2; grid-column: 2 / 4; color: var(--w-muted); } }
.w-feature { max-width: 820px; min-height: 30rem; font: .85rem/1.5 var(--sans-serif); color: var(--w-ink); }
.w-feature > p { max-width: none; margin: .3rem 0 .8rem; }
.w-feature h4 { font: 700 .82rem/1.4 var(--sans-serif); margin: .8rem 0 .3rem; color: var(--w-ink); }
.w-feature small { color: var(--w-muted); font-variant-numeric: tabular-nums; }
.w-feature summary { cursor: pointer; color: var(--w-muted); }
.w-context { display: flex; gap: .8rem; margin: 0; max-width: none; padding: .12rem 0; border-bottom: 1px solid var(--w-faint); }
.w-context > small { flex: 0 0 3rem; text-align: right; }
.w-context > span { min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.w-context :is(b, mark) { font-weight: 400; color: inherit; border-radius: 2px; background: color-mix(in srgb, var(--w-second) calc(8% + 36% * var(--value)), transparent); }
.w-context b { outline: 1px solid var(--w-second); }
.w-ends { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0 1.25rem; }
.w-ends ol { list-style: none; margin: 0; padding: 0; }
.w-ends li { display: flex; justify-content: space-between; gap: .5rem; max-width: 13rem; }
.w-ends code { font-size: .8rem; }
.w-histogram { display: flex; align-items: flex-end; gap: 2px; height: 48px; max-width: 320px; border-bottom: 1px solid var(--w-faint); }
.w-histogram > i { flex: 1; background: var(--w-accent); height: calc(1px + 47px * var(--value)); }
.w-note { max-width: 820px; margin: .8rem 0; font: .82rem/1.5 var(--sans-serif); color: var(--w-muted); }
.w-note textarea { display: block; box-sizing: border-box; width: 100%; margin: .2rem 0 .4rem; font: .9rem/1.5 var(--sans-serif); color: var(--w-ink); background: var(--theme-background); border: 1px solid var(--w-faint); border-radius: 4px; padding: .3rem .5rem; resize: vertical; }
@media print {
  .w-model { background: none; padding: 0; }
  .w-model > button, .w-model > progress, .w-behind > details:last-child { display: none; }
  .w-behind summary::after { content: none; }
}
`;

/** Puts the components' style sheet into the page, once. */
export function useStyles(): void {
  if (document.querySelector("style[data-workings]")) return;
  const style = document.createElement("style");
  style.dataset.workings = "";
  style.textContent = css;
  document.head.append(style);
}
