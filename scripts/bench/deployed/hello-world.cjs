// What deployed functions are compared with: the functions framework as it is installed, and a function that says
// hello; or one that publishes a message by Google's own library before it does.
exports.hello = (_req, res) => {
  res.send("hello");
};

let auth;
exports.publish = async (_req, res) => {
  const { GoogleAuth } = require("google-auth-library");
  auth ??= new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
  const url = `${process.env.PUBSUB_API_ROOT}/v1/projects/hello/topics/calendar-touched:publish`;
  const message = { data: Buffer.from("hello").toString("base64"), attributes: {} };
  await auth.request({ url, method: "POST", data: { messages: [message] } });
  res.send("hello");
};
