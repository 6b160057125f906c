//! The attributes that make a documented function a statement of the language.
//!
//! `#[when("create hash of ''")]` leaves the function as it is and adds a constant beside it, named
//! like the function in upper case: its phase, patterns, documentation, parameters, place and runner.
//! The function's first parameter says what it may do, so a statement in the wrong phase does not
//! type-check.

mod order;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, FnArg, Ident, ItemFn, Lit, LitStr, Meta, Pat, Token, parse_macro_input};

/// A statement of the Given phase: declares an input.
#[proc_macro_attribute]
pub fn given(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Given", attribute, item)
}

/// A statement of the When phase: works on memory.
#[proc_macro_attribute]
pub fn when(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("When", attribute, item)
}

/// A condition: fails a run as a When, chooses a branch as an If.
#[proc_macro_attribute]
pub fn check(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Check", attribute, item)
}

/// A loop.
#[proc_macro_attribute]
pub fn foreach(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Foreach", attribute, item)
}

/// A statement of the Then phase: prints.
#[proc_macro_attribute]
pub fn then(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Then", attribute, item)
}

/// A request to the host: `#[ask(before, "…")]` is answered before the first statement that works on
/// memory, `#[ask(after, "…")]` after the last one. `writes` says that it changes something outside.
#[proc_macro_attribute]
pub fn ask(attribute: TokenStream, item: TokenStream) -> TokenStream {
    statement("Ask", attribute, item)
}

/// A request whose sentence is put together of parts:
/// `#[order(connect, send(headers?, object), "do post")]` is found by
/// `connect to '' and send object '' and send headers '' and do post`, in any order of what is sent.
#[proc_macro_attribute]
pub fn order(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = parse_macro_input!(attribute as order::Attribute);
    let function = parse_macro_input!(item as ItemFn);
    order::expand(&attribute, &function).unwrap_or_else(|error| error.to_compile_error()).into()
}

struct Attribute {
    patterns: Vec<LitStr>,
    deprecated: Option<LitStr>,
    /// When a request is answered: `Before` or `After`.
    moment: Option<Ident>,
    writes: bool,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attribute = Self { patterns: Vec::new(), deprecated: None, moment: None, writes: false };
        while !input.is_empty() {
            if input.peek(LitStr) {
                attribute.patterns.push(input.parse()?);
            } else {
                let key: Ident = input.parse()?;
                match key.to_string().as_str() {
                    "before" => attribute.moment = Some(Ident::new("Before", key.span())),
                    "after" => attribute.moment = Some(Ident::new("After", key.span())),
                    "writes" => attribute.writes = true,
                    "deprecated" => {
                        input.parse::<Token![=]>()?;
                        attribute.deprecated = Some(input.parse()?);
                    }
                    _ => {
                        let expected =
                            "expected a pattern, `before`, `after`, `writes` or `deprecated = \"…\"`";
                        return Err(Error::new(key.span(), expected));
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if attribute.patterns.is_empty() {
            return Err(input.error("a statement needs at least one pattern"));
        }
        Ok(attribute)
    }
}

fn statement(phase: &str, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = parse_macro_input!(attribute as Attribute);
    let function = parse_macro_input!(item as ItemFn);
    expand(phase, &attribute, &function).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(phase: &str, attribute: &Attribute, function: &ItemFn) -> syn::Result<Tokens> {
    let name = &function.sig.ident;
    let docs = documentation(function)?;
    let parameters = parameters(function)?;
    let quoted = parameters.iter().filter(|parameter| *parameter != "scheme").count();
    for pattern in &attribute.patterns {
        check_pattern(pattern, quoted)?;
    }
    let mut position = 0_usize;
    let arguments = parameters.iter().map(|parameter| {
        if parameter == "scheme" {
            return quote!(crate::statement::Scheme::of(call)?);
        }
        position += 1;
        let index = position - 1;
        quote!(call.argument(#index))
    });
    let constant = format_ident!("{}", name.to_string().to_uppercase());
    let action = format_ident!("{phase}");
    let run = quote!(|context, call| #name(context, #(#arguments),*));
    let run = match (phase, &attribute.moment) {
        ("Ask", Some(moment)) => {
            let writes = attribute.writes;
            let asking =
                quote!(crate::question::Asking { moment: crate::question::Moment::#moment, writes: #writes });
            quote!(crate::statement::Action::#action(#asking, #run))
        }
        ("Ask", None) => {
            return Err(Error::new_spanned(&function.sig, "a request says `before` or `after`"));
        }
        (_, Some(moment)) => return Err(Error::new(moment.span(), "only requests have a moment")),
        (_, None) => quote!(crate::statement::Action::#action(#run)),
    };
    let patterns = &attribute.patterns;
    let deprecated = match &attribute.deprecated {
        Some(instead) => quote!(Some(#instead)),
        None => quote!(None),
    };
    let names = parameters.iter().filter(|parameter| *parameter != "scheme");
    let title = name.to_string();
    Ok(quote! {
        #function

        pub(crate) const #constant: crate::statement::Statement = crate::statement::Statement {
            name: #title,
            patterns: &[#(#patterns),*],
            docs: #docs,
            parameters: &[#(#names),*],
            deprecated: #deprecated,
            file: file!(),
            line: line!(),
            run: #run,
        };
    })
}

fn check_pattern(pattern: &LitStr, quoted: usize) -> syn::Result<()> {
    let text = pattern.value();
    let holes = text.matches("''").count();
    if holes != quoted {
        return Err(Error::new(
            pattern.span(),
            format!("the pattern has {holes} quoted parts, the function takes {quoted}"),
        ));
    }
    if text.chars().any(char::is_uppercase) {
        return Err(Error::new(pattern.span(), "patterns are looked up in lower case"));
    }
    Ok(())
}

fn parameters(function: &ItemFn) -> syn::Result<Vec<String>> {
    let mut names = Vec::new();
    for argument in function.sig.inputs.iter().skip(1) {
        match argument {
            FnArg::Typed(typed) => match typed.pat.as_ref() {
                Pat::Ident(ident) => names.push(ident.ident.to_string()),
                other => return Err(Error::new_spanned(other, "a parameter needs a name")),
            },
            FnArg::Receiver(receiver) => {
                return Err(Error::new_spanned(receiver, "a statement is a free function"));
            }
        }
    }
    Ok(names)
}

/// The doc comment, line by line; one space after `///` is the comment's, the rest is the text's.
fn documentation(function: &ItemFn) -> syn::Result<String> {
    let mut lines = Punctuated::<String, Token![,]>::new();
    for attribute in &function.attrs {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        if let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).to_owned());
        }
    }
    if lines.is_empty() {
        return Err(Error::new_spanned(&function.sig, "a statement needs a doc comment"));
    }
    Ok(lines.into_iter().collect::<Vec<_>>().join("\n"))
}
