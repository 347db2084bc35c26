// The line to the server: when it breaks, that is said in the page's language, and a question that
// did not get through is given back. Gradio asks again until the server answers, and loads the page
// anew if it is another one.
const broken = document.createElement('p');
broken.className = 'yj-broken';
broken.setAttribute('role', 'alert');
broken.hidden = true;
body.append(broken);
const giveBack = () => {
  if (!here.asked) return;
  if (!box()?.value) write(here.asked, here.replaced);
  here.asked = '';
  delete body.dataset.busy;
};
const lost = (words) => {
  broken.textContent = $('.yj-brand')?.dataset[words] ?? '';
  broken.hidden = !broken.textContent;
  giveBack();
};
const found = () => {
  if (broken.hidden) return;
  broken.hidden = true;
  delete body.dataset.busy;
  if (here.talk) now('reopen'); // what has come meanwhile
};
// What is being written outlasts a reload and a log-in that ran out, but not a log-out.
addEventListener('pagehide', () => { if (box()?.value) sessionStorage.setItem('youju', box().value); });
document.addEventListener('submit', (event) => { if (event.target.method === 'post' && box()) box().value = ''; });
const throughLine = window.fetch;
window.fetch = async (...request) => {
  try {
    const answer = await throughLine(...request);
    if (answer.status === 401) { giveBack(); location.reload(); } // the log-in has run out
    else if (answer.status >= 500) lost(answer.status > 501 && answer.status < 505 ? 'lost' : 'wrong');
    else found();
    return answer;
  } catch (error) {
    if (error.name !== 'AbortError') lost('lost');
    throw error;
  }
};
