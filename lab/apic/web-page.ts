const REASONS = {
  404: "Not Found",
  405: "Not Allowed",
  413: "Request Entity Too Large",
  503: "Service Temporarily Unavailable",
} as const;

/** An error of the web server in front of the API: HTML, whatever format was asked for (aci-objects 1.8). */
export function webPage(status: keyof typeof REASONS): string {
  const title = `${status} ${REASONS[status]}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}
