#!/usr/bin/env python3
import os

if os.environ.get("APP_ENV", "development") != "production":
    print("debug")
else:
    print("warning")
