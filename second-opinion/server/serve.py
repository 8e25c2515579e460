"""Starts moto's server on 127.0.0.1 with the models of this folder: serve.py PORT ZONE_ID.

A hosted zone that is made there gets ZONE_ID, the one that the deploy config names.
"""

import sys

from moto.server import main

import gaps
import resource_models

port, zone_id = sys.argv[1:]
resource_models.use_endpoint(f"http://127.0.0.1:{port}")
# Python forgets a class that nobody holds.
models = resource_models.register()
gaps.resolve_more()
gaps.follow_dependencies()
gaps.tell_more_attributes()
gaps.read_templates_from_this_server()
gaps.run_no_functions()
gaps.name_zones(zone_id)
main(["--host", "127.0.0.1", "--port", port])
