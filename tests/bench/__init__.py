"""`make bench`: measure speed, memory and page weight, and print one table. It judges nothing and is no test."""
