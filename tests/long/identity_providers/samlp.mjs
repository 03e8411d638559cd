// An identity provider of a few lines on `samlp`, which signs without libxml2. Whoever comes is the one in PERSON, a
// profile as Passport has them.
import fs from "node:fs";
import express from "express";
import samlp from "samlp";

const { PORT, FOLDER, ACS, AUDIENCE, PERSON } = process.env;
const options = {
  issuer: `http://127.0.0.1:${PORT}/metadata`,
  cert: fs.readFileSync(`${FOLDER}/provider.crt`, "utf8"),
  key: fs.readFileSync(`${FOLDER}/provider.pem`, "utf8"),
  getPostURL: (audience, request, incoming, done) => done(null, ACS),
  getUserFromRequest: () => JSON.parse(PERSON),
  audience: AUDIENCE,
  recipient: ACS,
  destination: ACS,
  signResponse: true,
  signatureAlgorithm: "rsa-sha256",
  digestAlgorithm: "sha256",
};
const server = express();
server.get("/sso", samlp.auth(options));
server.get("/metadata", samlp.metadata({ ...options, redirectEndpointPath: "/sso", postEndpointPath: "/sso" }));
server.listen(Number(PORT), "127.0.0.1");
