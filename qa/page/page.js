// Runs once for each HTML area of the page. Gradio gives: element, trigger, props, watch.
// Buttons say what they do in data-do: 'ask' and 'open' go to the server, 'close' empties the area.
let rounds = 0;

const close = () => {
  props.value = '';
  window.youjuOpener?.focus({ preventScroll: true });
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  const { do: action, ...detail } = button.dataset;
  if (action === 'close') return close();
  if (action === 'open') window.youjuOpener = button;
  if (action === 'open' || action === 'ask') trigger(action, detail);
});

element.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && element.querySelector('.yj-source')) close();
});

watch('value', () => {
  const brand = element.querySelector('.yj-brand');
  if (brand) document.documentElement.lang = brand.dataset.language === 'zh' ? 'zh-CN' : 'en';

  const sheet = element.querySelector('.yj-sheet');
  if (sheet) {
    const marks = sheet.querySelectorAll('mark');
    sheet.scrollTop = 0;
    if (marks.length) {
      const shown = sheet.getBoundingClientRect();
      const top = marks[0].getBoundingClientRect().top - shown.top;
      const bottom = marks[marks.length - 1].getBoundingClientRect().bottom - shown.top;
      if (bottom > shown.height - 16) sheet.scrollTop = top - shown.height / 6;
    }
    sheet.querySelector('h2')?.focus({ preventScroll: true });
  }

  const now = element.querySelectorAll('.yj-round');
  if (now.length > rounds) now[now.length - 1].scrollIntoView({ block: 'start', behavior: 'smooth' });
  rounds = now.length;
});
