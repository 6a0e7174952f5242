"""`make bench`: what the site's speed and weight come to, in one run on one machine."""
