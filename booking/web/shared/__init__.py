"""What every audience's pages share: headers, errors, forms, templates."""
