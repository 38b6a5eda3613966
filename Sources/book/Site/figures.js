/* Line charts answer for their numbers: point at a curve, or focus the figure and use the arrow keys. Lines can be
   left out, and the axis be linear or logarithmic. The values are read from the drawing: two ticks give a scale. */
(function () {
  'use strict';
  const words = JSON.parse(document.getElementById('ui-words').textContent);

  function make(name, attributes, ...children) {
    const element = name.startsWith('svg:')
      ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  }

  /** `43.5 %`, `10⁻⁸`, `2·10⁵`, `−4`; NaN for what isn't a number. */
  function number(text) {
    const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';
    const plain = text.replace(/ %$/, '').replace(/,/g, '').replace('−', '-').replace('·10', 'e').replace(/^10(?=[⁻⁰¹²³⁴-⁹])/, '1e')
      .replace(/[⁻⁰¹²³⁴-⁹]/g, (sign) => sign === '⁻' ? '-' : raised.indexOf(sign));
    return plain.trim() === '' ? NaN : Number(plain);
  }

  const coordinate = (value) => String(Math.round(value * 100) / 100);

  /** A scale through ticks `{ place, value }`: from places to values and back. */
  function scale(ticks, isLog) {
    const to = isLog ? Math.log10 : (value) => value, from = isLog ? (value) => 10 ** value : (value) => value;
    const [first, last] = [ticks[0], ticks[ticks.length - 1]];
    const slope = (to(last.value) - to(first.value)) / (last.place - first.place);
    return {
      isLog,
      value: (place) => from(to(first.value) + (place - first.place) * slope),
      place: (value) => first.place + (to(value) - to(first.value)) / slope,
    };
  }

  /** Whether ticks are equally far apart in their logarithms, not in themselves. */
  function areLogarithmic(ticks) {
    if (ticks.some((tick) => tick.value <= 0)) return false;
    if (ticks.length < 3) return ticks.some((tick) => /[⁻⁰¹²³⁴-⁹]/.test(tick.text));
    const [a, b, c] = ticks;
    const gap = (c.place - b.place) / (b.place - a.place);
    return Math.abs((c.value - b.value) / (b.value - a.value) - gap) > 0.01 * gap;
  }

  /** A path with new heights. Points without one interrupt it; in an area they lie on the lower edge. */
  function mapped(path, height, edge) {
    let isOpen = false;
    return path.replace(/([MLV])(-?[\d.]+)(?: (-?[\d.]+))?/g, (_, command, x, y) => {
      const place = height(Number(y ?? x));
      if (!Number.isFinite(place)) {
        if (edge !== undefined) return command === 'V' ? `V${edge}` : `${command}${x} ${edge}`;
        isOpen = false;
        return '';
      }
      if (command === 'V') return `V${coordinate(place)}`;
      const start = command === 'M' || (!isOpen && edge === undefined) ? 'M' : 'L';
      isOpen = true;
      return `${start}${x} ${coordinate(place)}`;
    });
  }

  /** One pair of axes with its lines; null for another kind of figure. */
  function panel(root) {
    const plot = [...root.children].find((child) => child.tagName === 'svg' && child.querySelector('.line'));
    if (!plot) return null;
    const own = [...root.children];
    const texts = own.filter((child) => child.tagName === 'text' && child.classList.contains('muted'));
    const tick = (place) => (text) => ({ place: place(text), value: number(text.textContent), text: text.textContent });
    const grids = own.filter((child) => child.classList.contains('grid'));
    const labels = texts.filter((text) => text.getAttribute('text-anchor') === 'end');
    const y = labels.map(tick((text) => Number(text.getAttribute('y')) - 5)).filter((each) => !Number.isNaN(each.value));
    const middle = texts.filter((text) => text.getAttribute('text-anchor') === 'middle');
    const x = middle.map(tick((text) => Number(text.getAttribute('x')))).filter((each) => !Number.isNaN(each.value));
    if (x.length < 2 || y.length < 2) return null;
    const names = own.filter((child) => child.tagName === 'text' && child.classList.contains('label'));
    const lines = new Map();
    for (const path of plot.querySelectorAll('.line')) {
      const drawing = path.getAttribute('d');
      if (/[VH]/.test(drawing)) continue;
      const color = [...path.classList].find((name) => name !== 'line');
      const isDashed = path.hasAttribute('stroke-dasharray');
      const key = `${color} ${path.getAttribute('stroke-width')} ${path.getAttribute('stroke-dasharray')}`;
      const name = names.find((text) => text.classList.contains(color));
      if (!lines.has(key)) {
        const text = name ? name.textContent : String(lines.size + 1);
        lines.set(key, { name: isDashed ? `${text} (${words.dashed})` : text, color, isDashed, paths: [], points: [] });
      }
      const line = lines.get(key);
      line.paths.push(path);
      for (const [, px, py] of drawing.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) line.points.push({ x: Number(px), y: Number(py) });
    }
    const label = texts.find((text) => !text.hasAttribute('text-anchor'));
    const across = middle.filter((text) => Number.isNaN(number(text.textContent))).pop();
    return {
      root, plot, grids, labels, names, lines: [...lines.values()], isHidden: false,
      bands: [...plot.querySelectorAll('.band')], bars: [...plot.querySelectorAll('.line')].filter((path) => /V/.test(path.getAttribute('d'))),
      marks: [...plot.querySelectorAll('.mark')], leaders: own.filter((child) => child.classList.contains('leader')),
      x: scale(x, areLogarithmic(x)), y: scale(y, areLogarithmic(y)),
      range: Math.abs(y[y.length - 1].value - y[0].value), unit: y[0].text.endsWith('%') ? ' %' : '',
      isWhole: x.every((each) => Number.isInteger(each.value)),
      across: across ? across.textContent : '', up: label ? label.textContent : '',
      top: Math.min(...y.map((each) => each.place)), bottom: Math.max(...y.map((each) => each.place)),
    };
  }

  /** A number with as many digits as a drawing can tell. */
  function shown(value, range, isLog) {
    if (isLog) return String(Number(value.toPrecision(3)));
    const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(range) + 3.5)));
    return value.toFixed(decimals).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '').replace(/^-0$/, '0');
  }

  /** Draws a panel's heights with another scale, or its own again. */
  function rescale(own, isLog) {
    for (const element of [...own.root.querySelectorAll('.rescaled')]) element.remove();
    const isOwn = isLog === own.y.isLog;
    const values = own.lines.flatMap((line) => line.points.map((point) => own.y.value(point.y)));
    let height = (place) => place;
    if (!isOwn) {
      const high = Math.max(own.y.value(own.top), own.y.value(own.bottom));
      const tiny = own.range * 2e-4;
      const low = isLog ? Math.min(...values.filter((value) => value > tiny)) : 0;
      const powers = (base) => Array.from({ length: 40 }, (_, index) => base * 10 ** (index - 20));
      let ticks = isLog ? powers(1) : [0, 0.25, 0.5, 0.75, 1].map((part) => part * high);
      if (isLog && ticks.filter((value) => value >= low && value <= high).length < 2) {
        ticks = [...powers(1), ...powers(2), ...powers(5)];
      }
      const next = scale([{ place: own.bottom, value: low }, { place: own.top, value: high }], isLog);
      height = (place) => {
        const value = own.y.value(place);
        return isLog && value <= tiny ? NaN : next.place(value);
      };
      const [left, right] = [own.plot.x.baseVal.value + 6, own.plot.x.baseVal.value + own.plot.width.baseVal.value - 6];
      for (const value of ticks.filter((each) => each >= low * 0.999 && each <= high * 1.001)) {
        const place = coordinate(next.place(value));
        own.plot.before(
          make('svg:path', { class: 'grid rescaled', d: `M${left} ${place}H${right}` }),
          make('svg:text', { class: 'muted rescaled', x: left - 8, y: Number(place) + 5, 'text-anchor': 'end' },
            String(Number(value.toPrecision(3))) + own.unit));
      }
      own.plot.dataset.lowest = low;
    }
    for (const element of [...own.grids, ...own.labels, ...own.leaders]) element.style.display = isOwn ? '' : 'none';
    const redraw = (element, attribute, change) => {
      element.dataset.drawn ??= element.getAttribute(attribute);
      element.setAttribute(attribute, isOwn ? element.dataset.drawn : change(element.dataset.drawn));
    };
    for (const line of own.lines) for (const path of line.paths) redraw(path, 'd', (drawn) => mapped(drawn, height));
    for (const area of [...own.bands, ...own.bars]) redraw(area, 'd', (drawn) => mapped(drawn, height, own.bottom));
    for (const mark of own.marks) {
      redraw(mark, 'transform', (drawn) => {
        const [, x, y] = /\((-?[\d.]+) (-?[\d.]+)\)/.exec(drawn);
        const place = height(Number(y));
        return `translate(${x} ${Number.isFinite(place) ? coordinate(place) : -1000})`;
      });
    }
    // Names stay at the ends of their lines, one below the other.
    let above = -Infinity;
    const ends = own.names.map((name) => {
      const line = own.lines.find((each) => name.classList.contains(each.color) && !each.isDashed);
      const place = line && height(line.points[line.points.length - 1].y);
      return { name, place: Number.isFinite(place) ? place + 5 : own.bottom + 5 };
    }).sort((a, b) => a.place - b.place);
    for (const { name, place } of ends) {
      if (Number(name.getAttribute('x')) < own.plot.x.baseVal.value + own.plot.width.baseVal.value - 6) continue;
      above = Math.max(place, above + 18);
      redraw(name, 'y', () => coordinate(above));
    }
    own.height = height;
  }

  document.body.append(make('p', { id: 'ui-figure-help', hidden: '' }, words.figureHelp));
  for (const svg of document.querySelectorAll('.figure > svg')) {
    const panels = [svg, ...svg.querySelectorAll(':scope > g')].map(panel).filter(Boolean);
    if (!panels.length) continue;
    for (const own of panels) own.height = (place) => place;
    const figure = svg.parentNode;
    const output = make('output', { 'aria-live': 'polite' });
    const box = make('div', { class: 'live' });
    figure.replaceWith(box);
    box.append(figure, output);
    svg.tabIndex = 0;
    svg.setAttribute('aria-describedby', 'ui-figure-help');

    let cursor = null;
    let here = null;
    const visible = (own) => own.lines.filter((line) => !line.isHidden);
    const drawable = (own, line) => line.points.filter((point) => Number.isFinite(own.height(point.y)));
    function point(own, line, at) {
      here = { own, line, at };
      if (cursor) cursor.remove();
      cursor = make('svg:circle', { class: 'cursor', r: 5, cx: at.x, cy: own.height(at.y) });
      own.root.append(cursor);
      const x = own.x.value(at.x);
      const across = own.isWhole && Math.abs(x - Math.round(x)) < 0.05 ? String(Math.round(x)) : shown(x, Math.abs(x) || 1, true);
      const range = own.range;
      output.textContent = `${line.name}: ${shown(own.y.value(at.y), range, own.y.isLog)}${own.unit}, ${own.across} ${across}`;
    }
    function leave() {
      if (cursor) cursor.remove();
      cursor = null;
      output.textContent = '';
    }
    svg.addEventListener('pointermove', (event) => {
      let nearest = null;
      for (const own of panels) {
        const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(own.root.getScreenCTM().inverse());
        for (const line of visible(own)) {
          for (const at of drawable(own, line)) {
            const distance = Math.hypot(at.x - place.x, own.height(at.y) - place.y);
            if (distance < (nearest ? nearest.distance : 40)) nearest = { own, line, at, distance };
          }
        }
      }
      if (nearest) point(nearest.own, nearest.line, nearest.at);
    });
    svg.addEventListener('pointerleave', leave);
    svg.addEventListener('blur', leave);
    svg.addEventListener('keydown', (event) => {
      const all = panels.flatMap((own) => visible(own).map((line) => ({ own, line })))
        .filter(({ own, line }) => drawable(own, line).length);
      if (!all.length || !event.key.startsWith('Arrow')) return;
      event.preventDefault();
      if (!here || !all.some(({ line }) => line === here.line)) {
        point(all[0].own, all[0].line, drawable(all[0].own, all[0].line)[0]);
        return;
      }
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        const points = drawable(here.own, here.line);
        const next = points.indexOf(here.at) + (event.key === 'ArrowRight' ? 1 : -1);
        point(here.own, here.line, points[Math.max(0, Math.min(points.length - 1, next))]);
      } else {
        const next = all.findIndex(({ line }) => line === here.line) + (event.key === 'ArrowDown' ? 1 : all.length - 1);
        const { own, line } = all[next % all.length];
        const points = drawable(own, line);
        point(own, line, points.reduce((a, b) => Math.abs(b.x - here.at.x) < Math.abs(a.x - here.at.x) ? b : a));
      }
    });

    // Lines to choose, and the scale.
    const controls = make('details', {}, make('summary', {}, words.explore));
    const names = [...new Set(panels.flatMap((own) => own.lines.map((line) => line.name)))];
    if (names.length > 1) {
      const choices = make('fieldset', { class: 'controls' }, make('legend', {}, words.series));
      for (const name of names) {
        const line = panels.flatMap((own) => own.lines).find((each) => each.name === name);
        const input = make('input', { type: 'checkbox' });
        input.checked = true;
        input.addEventListener('change', () => {
          leave();
          for (const own of panels) {
            for (const each of own.lines.filter((each) => each.name === name)) {
              each.isHidden = !input.checked;
              for (const path of each.paths) path.style.display = input.checked ? '' : 'none';
            }
            // What belongs to a colour goes with the last line that has it.
            for (const color of new Set(own.lines.map((each) => each.color))) {
              const isShown = own.lines.some((each) => each.color === color && !each.isHidden);
              for (const element of [...own.bands, ...own.bars, ...own.marks, ...own.names]) {
                if (element.classList.contains(color)) element.style.display = isShown ? '' : 'none';
              }
            }
          }
        });
        const sample = make('svg:path', { class: `line ${line.color}`, d: 'M0 6H24', 'stroke-width': 3 });
        if (line.isDashed) sample.setAttribute('stroke-dasharray', '5 4');
        choices.append(make('label', {}, input,
          make('svg:svg', { class: 'chart', width: 24, height: 12, 'aria-hidden': 'true' }, sample), name));
      }
      controls.append(choices);
    }
    const values = panels.flatMap((own) => own.lines.flatMap((line) => line.points.map((at) => own.y.value(at.y))));
    if (values.every((value) => value > -1e-9) && values.some((value) => value > 0)) {
      const isLog = panels[0].y.isLog;
      const choices = make('fieldset', { class: 'controls' }, make('legend', {}, words.scale));
      const group = `scale-${document.querySelectorAll('.live').length}`;
      for (const [index, name] of [words.linear, words.logarithmic].entries()) {
        const input = make('input', { type: 'radio', name: group });
        input.checked = isLog === (index === 1);
        input.addEventListener('change', () => {
          leave();
          for (const own of panels) rescale(own, index === 1);
        });
        choices.append(make('label', {}, input, name));
      }
      controls.append(choices);
    }
    if (controls.childElementCount > 1) box.append(controls);
  }
})();
