#!/usr/bin/env python3
import datetime

today = datetime.date.today()
begin = today.year if today.month >= 9 else today.year - 1
print(f"school year {begin}/{begin + 1}")
if today.month in (6, 7, 8):
    print(f"next: {begin + 1}/{begin + 2}")
