// Uploads with a progress bar, and refuses early what the server would refuse anyway.

const MOST_BYTES = 20 * 1024 * 1024;

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const sending = form.querySelector("[data-sending]");
const word = form.querySelector("[data-word]");
const refusal = form.querySelector("[data-refusal]");

/** The sentence that refuses this file, or "" when it may be sent. */
export function refusalOf(file) {
  if (!/\.pdf$/i.test(file.name)) return "这不是 PDF 文件。请把文件另存为 PDF 格式后再上传。";
  if (file.size > MOST_BYTES) return "文件超过 20 MB。请压缩或拆分后再上传。";
  return "";
}

function refuse(sentence) {
  const line = document.createElement("p");
  line.className = "notice bad";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  refusal.replaceChildren(line);
  working(false);
  input.value = "";
}

function working(on) {
  sending.hidden = !on;
  input.disabled = on;
  form.classList.toggle("sent", on);
}

function send(file) {
  const sentence = refusalOf(file);
  if (sentence) return refuse(sentence);
  refusal.replaceChildren();
  const body = new FormData();
  body.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Fragment", "1");
  request.upload.onprogress = (event) => progress(event.loaded / event.total);
  request.onload = () => finish(request);
  request.onerror = () => refuse("网络中断，文件没有上传成功。请检查网络后重试。");
  working(true);
  progress(0);
  return request.send(body);
}

function progress(part) {
  form.querySelector("[data-progress]").value = part;
  word.textContent = part < 1 ? `正在上传 ${Math.floor(part * 100)}%` : "已上传，正在送检";
}

function finish(request) {
  if (request.status === 204) return location.reload();
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const problem = page.querySelector("[data-problem]");
  return refuse(problem?.textContent ?? "上传没有成功。请稍后再试。");
}

const sendChosen = () => input.files[0] && send(input.files[0]);
input.addEventListener("change", sendChosen);
sendChosen(); // Somebody was quicker than this script.
for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  if (event.dataTransfer.files[0] && !input.disabled) send(event.dataTransfer.files[0]);
});
