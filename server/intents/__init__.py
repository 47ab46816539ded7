"""意愿认证: a person proves that he wants this very act; and by what an owner's seals are used."""
