import net from "node:net";

// Loaded into a build before anything else: a connection to another machine ends the process.
const {connect} = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host =
    typeof options === "object" ? (options.host ?? options.path ?? "localhost") : args[1];
  if (!/^(localhost|127\.|::1|\/|\\\\)/.test(String(host ?? "localhost"))) {
    process.stderr.write(`connection to ${host}\n`);
    process.exit(86);
  }
  return connect.apply(this, args);
};
