import type { ApiTemplate } from '../template/region-template.ts';

export type ApiRoute = ApiTemplate['routes'][number];

const knownKey = /^(\$default|[A-Z]+ \/[^{}]*)$/;

/** Throws for a route key that this gateway cannot match. Not modelled: path parameters such as `/{proxy+}`. */
export function checkRoutes(routes: readonly ApiRoute[]): void {
  const unknown = routes.filter(({ key }) => !knownKey.test(key)).map(({ key }) => key);
  if (unknown.length > 0) throw new Error(`the local HTTP API cannot serve these routes: ${unknown.join(', ')}`);
}

/**
 * The most specific route wins:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function findRoute(routes: readonly ApiRoute[], method: string, path: string): ApiRoute | undefined {
  const keys = [`${method} ${path}`, `ANY ${path}`, '$default'];
  return keys.map((wanted) => routes.find(({ key }) => key === wanted)).find((route) => route !== undefined);
}
