// Join the page script to the program once the channel is open.
"use strict";

var alexandria = null; // in the isolated world only; the program calls its methods
new QWebChannel(qt.webChannelTransport, (channel) => {
  const host = channel.objects.host;
  alexandria = new ReaderPage((message) => host.receive(JSON.stringify(message)));
  host.receive(JSON.stringify({ type: "ready", address: location.href, length: alexandria.flow.text.length }));
});
