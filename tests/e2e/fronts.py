"""Proxies in front of the service: Debian's nginx and haproxy with what their own manuals
begin with, and the Host that clients sign. With ONECLICK_FRONT=nginx or haproxy in the
environment every rig.Service is reached through one."""
import os
import socket
import time

import rig

NGINX = """
daemon off;
{user}
pid {place}/nginx.pid;
error_log {place}/nginx.errors;
events {{}}
http {{
  access_log off;
  client_body_temp_path {place}/nginx-body;
  proxy_temp_path {place}/nginx-proxy;
  fastcgi_temp_path {place}/nginx-fastcgi;
  uwsgi_temp_path {place}/nginx-uwsgi;
  scgi_temp_path {place}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port};
    location {path} {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header Host $http_host;
      {more}
    }}
  }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  {more}
frontend front
  bind 127.0.0.1:{port}
  default_backend back
backend back
  server one 127.0.0.1:{behind}
"""
NAMING = {"nginx": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
          "haproxy": "option forwardfor"}


class Front:
    """One proxy on a port of its own; `naming`: it says who asks.  `path` is nginx's."""

    def __init__(self, place, kind, behind, naming=False, path="/", more=""):
        self.port = rig.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        text = (NGINX if kind == "nginx" else HAPROXY).format(
            place=place.path, port=self.port, behind=behind,
            user="user root;" if os.geteuid() == 0 else "",
            path=path, more=NAMING[kind] if naming else more)
        config = place.write(f"{kind}-{self.port}.conf", text)
        words = (["/usr/sbin/nginx", "-e", "stderr", "-c", config] if kind == "nginx"
                 else ["/usr/sbin/haproxy", "-db", "-f", config])
        self.process = rig.Process(place, f"{kind}-{self.port}", words)
        rig.wait_for(f"{kind} to listen", self.listens)

    def listens(self):
        with socket.socket() as link:
            return link.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        self.process.close()


def open_front(place, behind):
    """What the environment asks for, or None."""
    kind = os.environ.get("ONECLICK_FRONT")
    return Front(place, kind, behind) if kind else None
