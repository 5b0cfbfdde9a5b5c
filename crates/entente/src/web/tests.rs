//! Every page in both languages as every persona.
