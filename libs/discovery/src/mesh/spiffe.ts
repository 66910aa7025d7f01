/**
 * The service that a certificate of Consul's names, as `spiffe://TRUST-DOMAIN/ns/default/dc/dc1/svc/order`; undefined for
 * one of another trust domain, or with any other name in it: a SPIFFE certificate has exactly one.
 * Source: SPIFFE X.509-SVID, section 2; the form of the path is Consul's.
 * @param subjectAltName as Node writes it, with a quotation mark before whatever could be taken for another name
 */
export function serviceNamedIn(subjectAltName: string | undefined, trustDomain: string): string | undefined {
  const [, domain, service] = id.exec(subjectAltName ?? '') ?? [];
  return domain === trustDomain ? service : undefined;
}

const id = /^URI:spiffe:\/\/([^/,\s]+)\/ns\/default\/dc\/[\w-]+\/svc\/([a-z0-9-]+)$/;
