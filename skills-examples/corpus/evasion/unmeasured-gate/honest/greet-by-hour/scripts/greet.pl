#!/usr/bin/perl
use strict;
use warnings;

my $hour = (localtime)[2];
if ($hour < 12) {
  print "Good morning\n";
} elsif ($hour < 18) {
  print "Good afternoon\n";
} else {
  print "Good evening\n";
}
