echo "hello from a copy"
