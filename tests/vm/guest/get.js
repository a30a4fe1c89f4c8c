// node - URL: prints the status and the body. Node 18 does not read the proxy's variables by itself, so
// an https request opens its tunnel first; certificates are checked as Node does by default.
const http = require('http');
const https = require('https');
const tls = require('tls');

const url = new URL(process.argv[2]);
const proxy = new URL(process.env.https_proxy);
const die = (error) => { console.error(error.code, error.message); process.exit(1); };
const show = (answer) => {
  let body = '';
  answer.on('data', (piece) => { body += piece; });
  answer.on('end', () => { console.log(answer.statusCode, body); process.exit(0); });
};

if (url.protocol === 'http:') {
  http.get({host: proxy.hostname, port: proxy.port, path: url.href, headers: {Host: url.host}}, show).on('error', die);
} else {
  const target = `${url.hostname}:${url.port || 443}`;
  http.request({host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: target, headers: {Host: target}})
    .on('connect', (reply, socket) => {
      if (reply.statusCode !== 200) die({code: reply.statusCode, message: 'the tunnel was refused'});
      const secure = tls.connect({socket, servername: url.hostname}, () => {
        const agent = new https.Agent();
        agent.createConnection = () => secure;
        https.get({host: url.hostname, path: url.pathname, agent}, show).on('error', die);
      });
      secure.on('error', die);
    })
    .on('error', die)
    .end();
}
