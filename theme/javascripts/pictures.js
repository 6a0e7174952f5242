// A picture that is wider than the screen shows its middle first: there its trunk is.

for (const frame of document.querySelectorAll(".diagram__frame")) {
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}
