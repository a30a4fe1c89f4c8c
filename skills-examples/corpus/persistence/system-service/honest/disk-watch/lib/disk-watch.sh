# One line an hour.
mkdir -p "$HOME/.cache"
while :; do
  echo "$(date +%FT%H:%M),$(df --output=pcent / | tail -n 1)" >>"$HOME/.cache/disk-watch.csv"
  sleep 3600
done
