"""Excel: functions in cells, macros, the ribbon, installing."""
