/// How a report looks: light or dark as the system is or as the reader chose, and on paper.
let reportStyle: StaticString = #"""
  :root {
    color-scheme: light dark;
    --page: #fff; --ink: #1c1f26; --soft: #545b68; --line: #c9cdd4; --raised: #f3f4f6; --link: #0057a3;
    --c0: #0065a8; --c1: #b94e00; --c2: #00775a; --c3: #98458a; --c4: #1b7fb8; --c5: #a3182e; --c6: #5b6270;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root:not([data-theme="light"]) {
      --page: #16181d; --ink: #e7e9ee; --soft: #b0b6c1; --line: #454b57; --raised: #22252c; --link: #8fc3f5;
      --c0: #4da3e0; --c1: #f28c3a; --c2: #2fbf94; --c3: #db92c6; --c4: #93d2f7; --c5: #f47c82; --c6: #a3a9b3;
    }
  }
  :root[data-theme="dark"] {
    color-scheme: dark;
    --page: #16181d; --ink: #e7e9ee; --soft: #b0b6c1; --line: #454b57; --raised: #22252c; --link: #8fc3f5;
    --c0: #4da3e0; --c1: #f28c3a; --c2: #2fbf94; --c3: #db92c6; --c4: #93d2f7; --c5: #f47c82; --c6: #a3a9b3;
  }
  :root[data-theme="light"] { color-scheme: light; }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; padding: 1rem; max-width: 80rem; background: var(--page); color: var(--ink);
    font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
  }
  h1 { font-size: 1.75rem; line-height: 1.25; margin: 0.5rem 0; }
  h2 { font-size: 1.375rem; margin: 2.5rem 0 0.75rem; border-bottom: 1px solid var(--line); }
  h3 { font-size: 1.125rem; margin: 2rem 0 0.5rem; }
  p { margin: 0.5rem 0; max-width: 48rem; }
  a { color: var(--link); }
  .recipe { color: var(--soft); font-size: 0.875rem; }
  .skip { position: absolute; left: -100rem; }
  .skip:focus { left: 1rem; top: 0; background: var(--page); padding: 0.5rem; }
  nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin: 0.5rem 0; }
  :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }

  .controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; margin: 0.75rem 0; align-items: center; }
  fieldset.controls { border: 1px solid var(--line); border-radius: 6px; padding: 0.25rem 0.75rem 0.5rem; min-width: 0; }
  legend { padding: 0 0.25rem; color: var(--soft); }
  .choices > div { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
  label { display: inline-flex; flex-wrap: wrap; gap: 0.25rem 0.375rem; align-items: center; max-width: 100%; }
  select, button {
    font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--soft); border-radius: 6px;
    padding: 0.25rem 0.625rem; max-width: 100%; min-height: 1.75rem;
  }
  button { cursor: pointer; margin: 0.25rem 0.5rem 0.25rem 0; }
  input { width: 1.125rem; height: 1.125rem; margin: 0; }

  dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 0.5rem 1.5rem; margin: 0.5rem 0; }
  dt { color: var(--soft); font-size: 0.875rem; }
  dd { margin: 0; }

  .scroll { overflow-x: auto; margin: 0.75rem 0 1.25rem; }
  .long { max-height: 40rem; overflow-y: auto; }
  .long thead { position: sticky; top: 0; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9375rem; overflow-wrap: normal; }
  caption { text-align: left; font-weight: 600; padding-bottom: 0.25rem; }
  th, td { padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
  thead th { font-weight: 600; vertical-align: bottom; background: var(--raised); }
  tbody th { font-weight: 400; white-space: nowrap; }
  td.text { min-width: 6rem; }
  .verdict { min-width: 16rem; }
  .number { text-align: right; white-space: nowrap; }
  .drawing { min-width: 12rem; width: 30%; padding: 0 0.625rem; }
  thead .drawing { padding: 0.25rem 0.625rem; }

  .strip { display: block; overflow: visible; }
  .strip .dot { fill: var(--page); stroke: var(--c); stroke-width: 2; }
  .strip .hollow { stroke-dasharray: 2 2; }
  .strip .mean { stroke: var(--ink); stroke-width: 2; }
  .strip .interval { stroke: var(--soft); stroke-width: 2; }
  .strip .zero { stroke: var(--soft); stroke-dasharray: 3 3; }
  .series0 { --c: var(--c0); } .series1 { --c: var(--c1); } .series2 { --c: var(--c2); } .series3 { --c: var(--c3); }
  .series4 { --c: var(--c4); } .series5 { --c: var(--c5); } .series6 { --c: var(--c6); }
  .chart { max-width: 60rem; }
  .chart svg { display: block; width: 100%; }
  .chart text { fill: var(--soft); font-size: 13px; font-family: system-ui, sans-serif; }
  .chart .grid { stroke: var(--line); }
  .chart .curve { fill: none; stroke: var(--c); stroke-width: 1.75; }
  .dash1 { stroke-dasharray: 7 3; } .dash2 { stroke-dasharray: 2 3; } .dash3 { stroke-dasharray: 9 3 2 3; }
  .chart .marker { fill: var(--ink); }
  .chart output { display: block; min-height: 1.5em; }
  .swatch { width: 1.75rem; height: 0.75rem; flex: none; }
  .swatch line { stroke: var(--c); stroke-width: 3; }
  .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin: 0.25rem 0; }
  .legend li { display: flex; flex-wrap: wrap; gap: 0.375rem; align-items: center; max-width: 100%; }
  pre { background: var(--raised); padding: 0.75rem; overflow-x: auto; border-radius: 6px; overflow-wrap: normal; }
  summary { cursor: pointer; padding: 0.25rem 0; }
  .no-script .needs-script { display: none; }

  @page wide { size: landscape; }
  .paper { display: none; }
  @media print {
    .paper { display: block; }
    .screen { display: none; }
    :root, :root[data-theme] {
      color-scheme: light;
      --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --raised: #fff; --link: #000;
      --c0: #0065a8; --c1: #b94e00; --c2: #00775a; --c3: #98458a; --c4: #1b7fb8; --c5: #a3182e; --c6: #5b6270;
    }
    body { max-width: none; padding: 0; font-size: 9.5pt; }
    nav, button, header .controls, details, .skip, .chart output, .chart .marker { display: none; }
    .choices label:not(:has(:checked)), .choices input { display: none; }
    .scroll { overflow: visible; max-height: none; }
    td.text, .verdict { min-width: 0; }
    table { font-size: 7.5pt; }
    th, td { padding: 1pt 3pt; }
    tbody th, .number { white-space: normal; }
    .drawing { min-width: 4rem; }
    tr, .chart, h3 { break-inside: avoid; }
    h2, h3, caption { break-after: avoid; }
    thead { display: table-header-group; }
    .long thead { position: static; }
    .controls { break-inside: avoid; break-after: avoid; }
    #runs { page: wide; }
  }
  """#
