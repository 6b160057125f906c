//! The attribute of requests whose sentence is put together of parts.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, ItemFn, LitStr, Token, parenthesized};

/// What `#[order(…)]` says.
pub(crate) struct Attribute {
    /// `Connect` or `Open`.
    door: Option<Ident>,
    writes: bool,
    sends: Vec<Parameter>,
    phrases: Vec<LitStr>,
}

/// A name after `send`; a question mark makes it optional.
struct Parameter {
    name: Ident,
    optional: bool,
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let optional = input.parse::<Option<Token![?]>>()?.is_some();
        Ok(Self { name, optional })
    }
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attribute = Self { door: None, writes: false, sends: Vec::new(), phrases: Vec::new() };
        while !input.is_empty() {
            if input.peek(LitStr) {
                attribute.phrases.push(input.parse()?);
            } else {
                attribute.part(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if attribute.phrases.is_empty() {
            return Err(input.error("an order needs at least one phrase"));
        }
        Ok(attribute)
    }
}

impl Attribute {
    fn part(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        match key.to_string().as_str() {
            "connect" => self.door = Some(Ident::new("Connect", key.span())),
            "open" => self.door = Some(Ident::new("Open", key.span())),
            "writes" => self.writes = true,
            "send" => {
                let names;
                parenthesized!(names in input);
                let names = Punctuated::<Parameter, Token![,]>::parse_terminated(&names)?;
                self.sends.extend(names);
            }
            _ => {
                let expected = "expected a phrase, `connect`, `open`, `writes` or `send(…)`";
                return Err(Error::new(key.span(), expected));
            }
        }
        Ok(())
    }

    /// The whole sentence of a phrase, everything optional in it.
    fn pattern(&self, phrase: &LitStr) -> String {
        let door = match &self.door {
            Some(door) if door == "Connect" => "connect to '' and ",
            Some(_) => "open '' and ",
            None => "",
        };
        let sends = self.sends.iter().map(|parameter| format!("send {} '' and ", parameter.name));
        format!("{door}{}{}", sends.collect::<String>(), phrase.value())
    }
}

pub(crate) fn expand(attribute: &Attribute, function: &ItemFn) -> syn::Result<Tokens> {
    let name = &function.sig.ident;
    let docs = crate::documentation(function)?;
    let constant = format_ident!("{}", name.to_string().to_uppercase());
    let title = name.to_string();
    let patterns = attribute.phrases.iter().map(|phrase| attribute.pattern(phrase));
    let door = match &attribute.door {
        Some(door) => quote!(Some(crate::order::Door::#door)),
        None => quote!(None),
    };
    let sends = attribute.sends.iter().map(|parameter| {
        let (name, optional) = (parameter.name.to_string(), parameter.optional);
        quote!(crate::order::Parameter { name: #name, optional: #optional })
    });
    let address = attribute.door.as_ref().map(|door| door.to_string().to_lowercase());
    let names = address.into_iter().chain(attribute.sends.iter().map(|it| it.name.to_string()));
    let (phrases, writes) = (&attribute.phrases, attribute.writes);
    Ok(quote! {
        #function

        pub(crate) const #constant: crate::statement::Statement = crate::statement::Statement {
            name: #title,
            patterns: &[#(#patterns),*],
            docs: #docs,
            parameters: &[#(#names),*],
            deprecated: None,
            file: file!(),
            line: line!(),
            run: crate::statement::Action::Order(
                &crate::order::Form {
                    door: #door,
                    sends: &[#(#sends),*],
                    phrases: &[#(#phrases),*],
                    writes: #writes,
                },
                #name,
            ),
        };
    })
}
