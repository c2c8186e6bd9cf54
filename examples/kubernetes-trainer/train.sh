#!/bin/sh
# Stands for a training: an image with git, a shell and awk has what it needs.
rate=$(awk -F= '/^rate/ { print $2 }' settings.toml)
awk -v rate="$rate" 'BEGIN { w = 4; for (i = 0; i < 20; i++) w -= rate * 2 * (w - 1); print "loss: " (w - 1) ^ 2 }'
