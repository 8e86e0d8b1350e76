// Says of each message in messages.json of a folder whether the library installed there finds it genuine.
const { join } = require("path");
const folder = process.argv[2];
const { Webhook } = require(join(folder, "node_modules", "standardwebhooks"));

for (const { what, secret, headers, body } of require(join(folder, "messages.json"))) {
    let genuine = true;
    try {
        new Webhook(secret).verify(body, headers);
    } catch (refused) {
        genuine = false;
    }
    console.log(`${what}: ${genuine}`);
}
