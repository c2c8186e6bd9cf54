/** What a script adds to the page: a tooltip that follows the finger, and links that unfold what they point to. Nothing needs it. */
export const SCRIPT = `
(() => {
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let box = target.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    (target.closest('details.experiment') || target).scrollIntoView({ block: 'start' });
  };
  addEventListener('hashchange', open);
  open();

  const plot = document.querySelector('.plot');
  const tip = document.getElementById('tip');
  if (!plot) return;
  const marks = JSON.parse(document.getElementById('marks').textContent);
  for (const title of plot.querySelectorAll('title')) title.remove();
  const part = (scope, name) => scope.querySelector(name)?.textContent.trim() ?? '';
  const cursor = document.createElement('div');
  cursor.className = 'cursor';
  cursor.hidden = true;
  plot.append(cursor);
  let current = null;

  const nearest = (x, y, box) => {
    let best = null;
    let least = Infinity;
    for (const mark of marks) {
      const distance = Math.hypot(mark[1] / 1000 * box.width - x, mark[2] / 1000 * box.height - y);
      if (distance < least) [best, least] = [mark, distance];
    }
    return least < 48 ? best : null;
  };
  const hide = () => {
    current = null;
    tip.hidden = true;
    cursor.hidden = true;
  };
  const line = (className, text) => {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    return element;
  };
  const show = (event) => {
    const box = plot.getBoundingClientRect();
    const mark = nearest(event.clientX - box.left, event.clientY - box.top, box);
    if (!mark) return hide();
    if (mark === current) return;
    current = mark;
    const scope = document.getElementById('e' + mark[0]).closest('details.experiment, tr');
    const numbers = [part(scope, '.s'), part(scope, '.d')].filter(Boolean).join('   ');
    tip.replaceChildren(line('tip-head', '#' + mark[0] + ' ' + part(scope, '.v')), line('tip-numbers', numbers), line('tip-title', part(scope, '.t')));
    tip.hidden = cursor.hidden = false;
    const x = mark[1] / 1000 * box.width;
    const y = mark[2] / 1000 * box.height;
    cursor.style.left = x + 'px';
    cursor.style.top = y + 'px';
    tip.style.left = Math.max(-8, Math.min(box.width - tip.offsetWidth + 8, x - tip.offsetWidth / 2)) + 'px';
    tip.style.top = (y > tip.offsetHeight + 20 ? y - tip.offsetHeight - 14 : y + 16) + 'px';
  };
  plot.addEventListener('pointermove', show);
  plot.addEventListener('pointerdown', show);
  plot.addEventListener('pointerleave', hide);
  addEventListener('resize', hide);
  plot.addEventListener('click', (event) => {
    if (event.target.closest('.audit-mark')) return;
    if (event.pointerType === 'touch') event.preventDefault();
    else if (current) location.hash = 'e' + current[0];
  });
})();
`;
