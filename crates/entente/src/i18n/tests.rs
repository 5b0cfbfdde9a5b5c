//! Words: parity, menus, no unused key.
